import type { Checkpoint, NumericArray, ReadRange } from '../checkpoint/index.ts';
import { GRAM_ROWS } from '../spectrum/index.ts';
import type { PlannedLayer } from './plan.ts';
import { type Axis, extentOf } from './view.ts';

/** Values of a block, as long as its rows allow. */
const BLOCK_VALUES = 2 ** 21;
/** Rows of a wide matrix that are read in parallel. */
const PARALLEL = 16;

/**
 * A matrix whose blocks of rows can be read separately: the rows of a tall one, the columns of a wide one, so that
 * there are never more columns than rows.
 */
export interface RowBlocks {
  readonly rows: number;
  readonly columns: number;
  /** Rows per block, except the last; determined by the shape. */
  readonly blockRows: number;
  /** All blocks from the first on, each row-major; the caller may keep or change them. */
  blocks(): AsyncGenerator<NumericArray>;
}

/** Merges axes that are contiguous in memory. */
const merged = (axes: readonly Axis[]): Axis | null => {
  const long = axes.filter(({ extent }) => extent !== 1);
  if (long.length === 0) return { extent: 1, stride: 1 };
  const inner = long[long.length - 1];
  for (let i = 1; i < long.length; i++) {
    if (long[i - 1].stride !== long[i].extent * long[i].stride) return null;
  }
  return { extent: extentOf(axes), stride: inner.stride };
};

type ReadRows = (from: number, to: number) => Promise<NumericArray>;

const emptyLike = (values: NumericArray, length: number): NumericArray =>
  new (values.constructor as new (length: number) => NumericArray)(length);

/** Rows that are contiguous in memory, with or without gaps between them. */
const alongMemory =
  (read: ReadRange, offset: number, rows: Axis, columns: number): ReadRows =>
  async (from, to) => {
    const begin = offset + from * rows.stride;
    const found = await read(begin, begin + (to - from - 1) * rows.stride + columns);
    if (rows.stride === columns) return found;
    const values = emptyLike(found, (to - from) * columns);
    for (let i = 0; i < to - from; i++) {
      values.set(found.subarray(i * rows.stride, i * rows.stride + columns), i * columns);
    }
    return values;
  };

/** Rows whose entries are far apart, while columns are contiguous: each column gives a range. */
const acrossMemory =
  (read: ReadRange, offset: number, columns: Axis): ReadRows =>
  async (from, to) => {
    const height = to - from;
    let values: NumericArray | undefined;
    for (let first = 0; first < columns.extent; first += PARALLEL) {
      const count = Math.min(PARALLEL, columns.extent - first);
      const starts = Array.from({ length: count }, (_, j) => offset + (first + j) * columns.stride + from);
      const found = await Promise.all(starts.map((start) => read(start, start + height)));
      values ??= emptyLike(found[0], height * columns.extent);
      for (const [j, column] of found.entries()) {
        for (let i = 0; i < height; i++) values[i * columns.extent + first + j] = column[i];
      }
    }
    return values as NumericArray;
  };

const readRowsOf = (read: ReadRange, offset: number, rows: Axis, columns: Axis): ReadRows | null => {
  if (columns.stride === 1) return alongMemory(read, offset, rows, columns.extent);
  return rows.stride === 1 && !read.inOrder ? acrossMemory(read, offset, columns) : null;
};

/** The blocks of a layer of one matrix; null if the file or the layout does not allow any. */
export const rowBlocksOf = (checkpoint: Checkpoint, { layer, view }: PlannedLayer): RowBlocks | null => {
  const read = checkpoint.ranges?.(layer.tensor) ?? null;
  const sides = [merged(view.rows), merged(view.columns)] as const;
  if (read === null || layer.slices !== 1 || sides[0] === null || sides[1] === null) return null;
  const [rows, columns] = sides[0].extent < sides[1].extent ? [sides[1], sides[0]] : [sides[0], sides[1]];
  const readRows = readRowsOf(read, view.offset, rows, columns);
  if (readRows === null) return null;
  const blockRows = Math.max(1, Math.floor(BLOCK_VALUES / columns.extent / GRAM_ROWS)) * GRAM_ROWS;
  return {
    rows: rows.extent,
    columns: columns.extent,
    blockRows,
    async *blocks() {
      for (let from = 0; from < rows.extent; from += blockRows) {
        yield await readRows(from, Math.min(rows.extent, from + blockRows));
      }
    },
  };
};

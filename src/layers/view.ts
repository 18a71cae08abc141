import type { NumericArray } from '../checkpoint/index.ts';
import { type Matrix, type MatrixSize, matrix } from '../spectrum/index.ts';

/** An axis of a tensor: the number of entries, and their distance in its values. */
export interface Axis {
  readonly extent: number;
  readonly stride: number;
}

/**
 * Matrices of one size inside the values of a tensor: the entry in row r and column c of slice s is at `offset` plus
 * the offsets of the axes of r, c and s, with their last axis fastest. No axes mean an extent of 1.
 */
export interface MatrixView {
  readonly offset: number;
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  readonly slices: readonly Axis[];
}

/** Axes of a row-major tensor. */
export const axesOf = (shape: readonly number[]): Axis[] => {
  const axes: Axis[] = [];
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    axes.unshift({ extent: shape[i], stride });
    stride *= shape[i];
  }
  return axes;
};

export const extentOf = (axes: readonly Axis[]): number =>
  axes.reduce((product, { extent }) => product * extent, 1);

/** The offset that every position along `axes` adds to the index of an entry. */
const offsetsOf = (axes: readonly Axis[]): Float64Array => {
  let offsets = new Float64Array(1);
  for (const { extent, stride } of axes) {
    const next = new Float64Array(offsets.length * extent);
    for (let i = 0; i < next.length; i++) {
      next[i] = offsets[Math.floor(i / extent)] + (i % extent) * stride;
    }
    offsets = next;
  }
  return offsets;
};

const isRun = (offsets: Float64Array): boolean => offsets.every((offset, i) => offset === i);

/** Whether the entries of each matrix are row-major without gaps. */
export const isRowMajor = ({ rows, columns }: Pick<MatrixView, 'rows' | 'columns'>): boolean => {
  let stride = 1;
  for (const axis of [...rows, ...columns].reverse()) {
    if (axis.extent !== 1 && axis.stride !== stride) return false;
    stride *= axis.extent;
  }
  return true;
};

/** Matrices of one size, created one after the other on each iteration. */
export interface Matrices {
  readonly size: Required<MatrixSize>;
  each(): Iterable<Matrix>;
  /** The entries of each, row-major; not copied if they are stored that way. */
  values(): Iterable<Float32Array | Float64Array>;
}

/** The matrices of a view in float64: as many as it has slices, copied from a tensor's values when they are needed. */
export const matricesOf = (values: NumericArray, view: MatrixView): Matrices => {
  const rows = offsetsOf(view.rows);
  const columns = offsetsOf(view.columns);
  const slices = offsetsOf(view.slices);
  const run = isRun(columns);
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  const copied = !isFloat || !isRowMajor(view);
  const copy = (slice: number): Matrix => {
    const entries = new Float64Array(rows.length * columns.length);
    for (let i = 0; i < rows.length; i++) {
      const from = view.offset + slice + rows[i];
      const to = i * columns.length;
      if (run) entries.set(values.subarray(from, from + columns.length), to);
      else for (let j = 0; j < columns.length; j++) entries[to + j] = values[from + columns[j]];
    }
    return matrix(rows.length, columns.length, entries);
  };
  return {
    size: { rows: rows.length, columns: columns.length, slices: slices.length },
    *each() {
      for (const slice of slices) yield copy(slice);
    },
    *values() {
      for (const slice of slices) {
        const from = view.offset + slice;
        if (copied) yield copy(slice).data;
        else
          yield (values as Float32Array | Float64Array).subarray(from, from + rows.length * columns.length);
      }
    },
  };
};

import { elementCount } from '../tensor.ts';
import type { Scaling } from './scaling.ts';

/** How many neighbours along each axis share an entry of a table. */
export type Blocks = readonly number[];

/** What nearly every writer of blocks uses (DeepSeek-V3, compressed-tensors). */
const USUAL = 128;

const blocksFit = (extent: number, entries: number, size: number): boolean =>
  Math.ceil(extent / size) === entries;

/**
 * The block size if `entries` blocks cover an axis, the last perhaps partly: 128 if that fits, else the power of two
 * that does (there is at most one). Null if another size fits as well, because the size is then ambiguous.
 */
const blockSize = (extent: number, entries: number): number | null => {
  if (entries === 1) return Math.max(1, extent);
  if (entries === extent) return 1;
  if (entries === 0 || entries > extent) return null;
  if (blocksFit(extent, entries, USUAL)) return USUAL;
  const size = 2 ** Math.ceil(Math.log2(extent / entries));
  if (!blocksFit(extent, entries, size)) return null;
  return extent % entries === 0 && extent / entries !== size ? null : size;
};

const alongAxis = (shape: readonly number[], axis: number, size: number): Blocks =>
  shape.map((extent, each) => (each === axis ? size : Math.max(1, extent)));

/**
 * How a table of shape `table` is broadcast over a tensor: one number for all; one for each index along one axis; or,
 * with as many axes as the tensor, one for each block. Null if it does not fit.
 */
export const blocksOf = (
  shape: readonly number[],
  table: readonly number[],
  { axis = 0, block }: Pick<Scaling, 'axis' | 'block'>,
): Blocks | null => {
  if (elementCount(table) === 1) return shape.map((extent) => Math.max(1, extent));
  if (table.length === 1 && shape.length > 1) {
    return axis < shape.length && table[0] === shape[axis] ? alongAxis(shape, axis, 1) : null;
  }
  if (table.length !== shape.length) return null;
  const sizes = shape.map((extent, each) => {
    if (block === undefined) return blockSize(extent, table[each]);
    const size = each === block.axis ? block.size : 1;
    return blocksFit(extent, table[each], size) ? size : null;
  });
  return sizes.every((size) => size !== null) ? (sizes as number[]) : null;
};

/** Calls `visit` for each run of neighbouring elements that share an entry of the table, in row-major order. */
export const forEachRun = (
  shape: readonly number[],
  blocks: Blocks,
  visit: (begin: number, end: number, entry: number) => void,
): void => {
  const count = elementCount(shape) ?? 0;
  if (count === 0) return;
  const entries = shape.map((extent, axis) => Math.ceil(extent / blocks[axis]));
  const steps = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) steps[axis] = steps[axis + 1] * entries[axis + 1];
  const last = shape.length - 1;
  const width = last < 0 ? 1 : shape[last];
  const size = last < 0 ? 1 : blocks[last];
  const index = new Array<number>(shape.length).fill(0);
  for (let row = 0; row < count; row += width) {
    let entry = 0;
    for (let axis = 0; axis < last; axis++) entry += Math.floor(index[axis] / blocks[axis]) * steps[axis];
    for (let at = 0; at < width; at += size) visit(row + at, row + Math.min(width, at + size), entry++);
    for (let axis = last - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
};

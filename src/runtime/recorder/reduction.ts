import { type Kernel, kernel } from './kernel.ts';
import { partsOf } from './matrixProduct.ts';
import type { Recording } from './recording.ts';
import { reshape } from './shape.ts';
import { isLazyAxis, rowMajor, type Value } from './value.ts';

/** With fewer rows than this, summing by a matrix product does not pay off. */
const PRODUCT_ROWS = 32;

const axesOf = (axis: unknown, rank: number): number[] => {
  const given =
    axis === undefined || axis === null
      ? rowMajor(rank)
      : Array.isArray(axis)
        ? (axis as number[])
        : [axis as number];
  return given.map((entry) => (entry < 0 ? entry + rank : entry));
};

/** What remains after the axes are reduced, still in the memory order of x, with the reduced axes as ones. */
function remaining(x: Value, axes: readonly number[], name: string): Value {
  const ones = (extents: readonly number[]) =>
    extents.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return { ...x, name, shape: ones(x.shape), stored: ones(x.stored) };
}

const reduceSum = (recording: Recording, name: string, places: readonly number[]): string =>
  recording.node('ReduceSum', [name, recording.graph.integers(places)], { keepdims: 1 });

/** Sums over leading memory axes as one product with a row of ones, which runs at the speed of a matrix product. */
function sumLeading(recording: Recording, x: Value, axes: readonly number[], leading: number): string {
  const extents = x.order.map((axis) => x.stored[axis]);
  const rows = extents.slice(0, leading).reduce((a, b) => a * b, 1);
  const columns = extents.slice(leading).reduce((a, b) => a * b, 1);
  const parts = partsOf(recording, rows, columns);
  const flat = recording.reshape(
    x.name,
    extents,
    parts === 1 ? [rows, columns] : [parts, rows / parts, columns],
  );
  const ones = recording.materialise(recording.uniform(1, x.type, [1, rows / parts]));
  const sums = recording.node('MatMul', [ones.name, flat]);
  const sum =
    parts === 1 ? sums : recording.node('ReduceSum', [sums, recording.graph.integers([0])], { keepdims: 0 });
  const result = remaining(x, axes, sum);
  return recording.reshape(
    sum,
    [1, columns],
    result.order.map((axis) => result.stored[axis]),
  );
}

/**
 * Sums over stored memory axes, given in ascending order. Inner axes are first, because they are contiguous;
 * the remaining leading ones become a product with ones.
 */
function sumStored(recording: Recording, x: Value, places: readonly number[]): string {
  const rank = x.order.length;
  const axesAt = (some: readonly number[]) => some.map((place) => x.order[place]);
  const inner = places.filter((place, index) => place === rank - (places.length - index));
  const outer = places.filter((place) => !inner.includes(place));
  const name = inner.length === 0 ? x.name : reduceSum(recording, x.name, inner);
  if (outer.length === 0) return name;
  const rows = outer.reduce((product, place) => product * x.stored[x.order[place]], 1);
  const leading = outer.every((place, index) => place === index);
  if (!leading || rows < PRODUCT_ROWS || !recording.fixedShapes) return reduceSum(recording, name, outer);
  return sumLeading(recording, remaining(x, axesAt(inner), name), axesAt(outer), outer.length);
}

/** Sum over logical axes, kept as ones. A repeated axis contributes a factor. */
function sum(recording: Recording, x: Value, axes: readonly number[]): Value {
  const extentOf = (some: readonly number[]) => some.reduce((product, axis) => product * x.shape[axis], 1);
  if (x.uniform !== undefined) return { ...remaining(x, axes, ''), uniform: x.uniform * extentOf(axes) };
  const places = axes
    .filter((axis) => x.stored[axis] !== 1)
    .map((axis) => x.order.indexOf(axis))
    .sort((a, b) => a - b);
  const result = remaining(x, axes, places.length === 0 ? x.name : sumStored(recording, x, places));
  const repeats = extentOf(axes.filter((axis) => isLazyAxis(x, axis)));
  if (repeats === 1) return result;
  return { ...result, name: recording.node('Mul', [result.name, recording.scalar(repeats, x.type)]) };
}

function withoutAxes(recording: Recording, value: Value, axes: readonly number[], keepDims: unknown): Value {
  if (keepDims === true) return value;
  return reshape(
    recording,
    value,
    value.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

/** Mean = sum / count. The count of a dynamic batch is not known when it is recorded. */
function mean(recording: Recording, x: Value, axes: readonly number[]): Value {
  if (axes.some((axis) => recording.isDynamic(x.shape[axis]))) {
    throw new Error('a mean over the dynamic batch cannot be recorded');
  }
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const total = sum(recording, x, axes);
  if (total.uniform !== undefined) return { ...total, uniform: total.uniform / count };
  return { ...total, name: recording.node('Mul', [total.name, recording.scalar(1 / count, x.type)]) };
}

function extreme(op: string): Kernel {
  return kernel(['x'], (recording, [x], { reductionIndices, axis, keepDims }) => {
    const axes = axesOf(reductionIndices ?? axis, x.shape.length);
    const places = axes.filter((entry) => x.stored[entry] !== 1).map((entry) => x.order.indexOf(entry));
    const name =
      x.uniform !== undefined || places.length === 0
        ? x.name
        : recording.node(op, [x.name], { axes: places, keepdims: 1 });
    return withoutAxes(recording, remaining(x, axes, name), axes, keepDims);
  });
}

export const reduction: Readonly<Record<string, Kernel>> = {
  Sum: kernel(['x'], (recording, [x], { axis, keepDims }) => {
    const axes = axesOf(axis, x.shape.length);
    return withoutAxes(recording, sum(recording, x, axes), axes, keepDims);
  }),
  Mean: kernel(['x'], (recording, [x], { axis, keepDims }) => {
    const axes = axesOf(axis, x.shape.length);
    return withoutAxes(recording, mean(recording, x, axes), axes, keepDims);
  }),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
};

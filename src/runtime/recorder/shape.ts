import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../tensorData.ts';
import { type Kernel, kernel } from './kernel.ts';
import type { Recording } from './recording.ts';
import { memoryShape, rowMajor, sameShape, type Value } from './value.ts';

/** If only axes of extent one are added or removed, repeated axes and the axis order survive the reshape. */
function reshapedLazily(recording: Recording, x: Value, shape: readonly number[]): Value | undefined {
  const kept = rowMajor(x.shape.length).filter((axis) => x.shape[axis] !== 1);
  const targets = rowMajor(shape.length).filter((axis) => shape[axis] !== 1);
  if (
    !sameShape(
      kept.map((axis) => x.shape[axis]),
      targets.map((axis) => shape[axis]),
    )
  )
    return undefined;
  const stored = shape.map(() => 1);
  kept.forEach((axis, index) => {
    stored[targets[index]] = x.stored[axis];
  });
  const moved = x.order.filter((axis) => x.shape[axis] !== 1).map((axis) => targets[kept.indexOf(axis)]);
  const ones = rowMajor(shape.length).filter((axis) => shape[axis] === 1);
  const result = { ...x, shape, stored, order: [...ones, ...moved] };
  if (x.uniform !== undefined) return result;
  // A plain vector stays plain: unit axes keep their place when the order allows it.
  const order = [...result.order].sort((a, b) => a - b);
  const natural = moved.every((axis, index) => index === 0 || axis > moved[index - 1]);
  const final = natural ? { ...result, order } : result;
  return { ...final, name: recording.reshape(x.name, memoryShape(x), memoryShape(final)) };
}

export function reshape(recording: Recording, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (x.uniform !== undefined) return recording.uniform(x.uniform, x.type, shape);
  const lazy = reshapedLazily(recording, x, shape);
  if (lazy !== undefined) return lazy;
  const dense = recording.materialise(x);
  return recording.dense(recording.reshape(dense.name, x.shape, shape), x.type, shape);
}

function transpose(x: Value, permutation: readonly number[]): Value {
  // Logical axis i of the result is axis permutation[i] of x: only the labels change.
  const label = (axis: number) => permutation.indexOf(axis);
  return {
    ...x,

    shape: permutation.map((axis) => x.shape[axis]),
    stored: permutation.map((axis) => x.stored[axis]),
    order: x.order.map(label),
  };
}

function slice(recording: Recording, x: Value, begin: readonly number[], size: readonly number[]): Value {
  const shape = size.map((extent, axis) => (extent === -1 ? x.shape[axis] - begin[axis] : extent));
  if (sameShape(shape, x.shape)) return x;
  if (x.uniform !== undefined) return recording.uniform(x.uniform, x.type, shape);
  const cut = rowMajor(shape.length).filter((axis) => x.stored[axis] !== 1 && shape[axis] !== x.shape[axis]);
  const stored = shape.map((extent, axis) => (x.stored[axis] === 1 ? 1 : extent));
  if (cut.length === 0) return { ...x, shape, stored };
  const operands = [
    cut.map((axis) => begin[axis]),
    cut.map((axis) => begin[axis] + shape[axis]),
    cut.map((axis) => x.order.indexOf(axis)),
  ];
  const name = recording.node('Slice', [
    x.name,
    ...operands.map((values) => recording.graph.integers(values)),
  ]);
  return { ...x, name, shape, stored };
}

function concat(recording: Recording, values: readonly Value[], axis: number): Value {
  const parts = values.filter((value) => value.shape[axis] > 0).map((value) => recording.materialise(value));
  if (parts.length === 1) return parts[0];
  const shape = [...parts[0].shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis], 0);
  return recording.dense(
    recording.node(
      'Concat',
      parts.map((part) => part.name),
      { axis },
    ),
    parts[0].type,
    shape,
  );
}

function pad(
  recording: Recording,
  x: Value,
  paddings: readonly (readonly [number, number])[],
  fill: number,
): Value {
  const dense = recording.materialise(x);
  const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
  const shape = x.shape.map((extent, axis) => extent + paddings[axis][0] + paddings[axis][1]);
  const name = recording.node('Pad', [
    dense.name,
    recording.graph.integers(pads),
    recording.scalar(fill, x.type),
  ]);
  return recording.dense(name, x.type, shape);
}

function tile(recording: Recording, x: Value, repeats: readonly number[]): Value {
  const shape = x.shape.map((extent, axis) => extent * repeats[axis]);
  // Repeating an axis of extent one is broadcasting.
  if (x.shape.every((extent, axis) => extent === 1 || repeats[axis] === 1)) return { ...x, shape };
  const dense = recording.materialise(x);
  return recording.dense(
    recording.node('Tile', [dense.name, recording.graph.integers(repeats)]),
    x.type,
    shape,
  );
}

function broadcastTo(recording: Recording, x: Value, shape: readonly number[]): Value {
  const padded = reshape(recording, x, [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]);
  return { ...padded, shape };
}

function gather(recording: Recording, x: Value, indices: Value, axis: number): Value {
  const [source, chosen] = [recording.materialise(x), recording.materialise(indices)];
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return recording.dense(recording.node('Gather', [source.name, chosen.name], { axis }), x.type, shape);
}

function oneHot(
  recording: Recording,
  indices: Value,
  depth: number,
  on: number,
  off: number,
  dtype: string,
): Value {
  const type = recording.elementType(dtype);
  const range = recording.fromHost(
    Array.from({ length: depth }, (_, index) => index),
    [depth],
    'int32',
  );
  const shape = [...indices.shape, depth];
  const column = reshape(recording, recording.cast(indices, 'int32'), [...indices.shape, 1]);
  const equal = recording.node('Equal', [recording.materialise(column).name, range.name]);
  const chosen = [equal, recording.scalar(on, type), recording.scalar(off, type)];
  return recording.dense(recording.node('Where', chosen), type, shape);
}

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export const shape: Readonly<Record<string, Kernel>> = {
  Reshape: kernel(['x'], (recording, [x], { shape: target }) =>
    // One extent may be left open.
    reshape(recording, x, tf.util.inferFromImplicitShape(target as number[], sizeOf(x.shape))),
  ),
  ExpandDims: kernel(['input'], (recording, [x], { dim }) => {
    const target = [...x.shape];
    target.splice(axisOf(dim as number, x.shape.length + 1), 0, 1);
    return reshape(recording, x, target);
  }),
  Transpose: kernel(['x'], (_recording, [x], { perm }) => transpose(x, perm as number[])),
  Slice: kernel(['x'], (recording, [x], { begin, size }) =>
    slice(recording, x, begin as number[], size as number[]),
  ),
  Concat: kernel(null, (recording, values, { axis }) =>
    concat(recording, values, axisOf(axis as number, values[0].shape.length)),
  ),
  Pack: kernel(null, (recording, values, { axis }) => {
    const place = axisOf(axis as number, values[0].shape.length + 1);
    const expanded = values.map((value) => {
      const target = [...value.shape];
      target.splice(place, 0, 1);
      return reshape(recording, value, target);
    });
    return concat(recording, expanded, place);
  }),
  Unpack: kernel(['value'], (recording, [x], { axis }) => {
    const place = axisOf(axis as number, x.shape.length);
    const target = x.shape.filter((_, index) => index !== place);
    return Array.from({ length: x.shape[place] }, (_, index) => {
      const begin = x.shape.map((_extent, at) => (at === place ? index : 0));
      const size = x.shape.map((extent, at) => (at === place ? 1 : extent));
      return reshape(recording, slice(recording, x, begin, size), target);
    });
  }),
  PadV2: kernel(['x'], (recording, [x], { paddings, constantValue }) =>
    pad(recording, x, paddings as [number, number][], (constantValue as number | undefined) ?? 0),
  ),
  Tile: kernel(['x'], (recording, [x], { reps }) => tile(recording, x, reps as number[])),
  BroadcastTo: kernel(['x'], (recording, [x], { shape: target }) =>
    broadcastTo(recording, x, target as number[]),
  ),
  GatherV2: kernel(['x', 'indices'], (recording, [x, indices], { axis }) =>
    gather(recording, x, indices, axisOf((axis as number | undefined) ?? 0, x.shape.length)),
  ),
  OneHot: kernel(['indices'], (recording, [indices], { depth, onValue, offValue, dtype }) =>
    oneHot(
      recording,
      indices,
      depth as number,
      (onValue as number | undefined) ?? 1,
      (offValue as number | undefined) ?? 0,
      (dtype as string | undefined) ?? 'int32',
    ),
  ),
};

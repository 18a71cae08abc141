import type { TensorEntry } from '../checkpoint/index.ts';
import type { LayerKind } from '../protocol/index.ts';
import type { Part } from './parts.ts';

/** A tensor's matrices, and their role. */
export interface Role {
  readonly kind: LayerKind;
  readonly parts: readonly Part[];
}

export type Tensors = ReadonlyMap<string, TensorEntry>;

/** Axes of a kernel over three dimensions: outputs, inputs and positions. */
export const MOST_AXES = 5;

/** Whether all values are along one axis, ignoring axes of extent 1. */
export const isLine = (shape: readonly number[]): boolean => shape.filter((extent) => extent > 1).length <= 1;

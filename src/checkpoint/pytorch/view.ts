import type { Quantiser } from './quantiser.ts';
import type { PytorchType } from './types.ts';

/** Contiguous numbers in the file; several tensors can share them. */
export interface PytorchStorage {
  readonly key: string;
  readonly type: PytorchType;
  /** Size of its contents in bytes. */
  readonly bytes: number;
  /** Size in the file, if it is compressed. */
  readonly compressed?: number;
  /** Size after inflating, if it is compressed. */
  readonly inflated?: number;
  readonly little: boolean;
  /** Describes the place of byte `byte` of it in messages. */
  locate(byte: number): string;
  read(begin: number, length: number): Promise<Uint8Array>;
}

/** A tensor as PyTorch stores it: the elements of a storage that it consists of. Offset and strides are in elements. */
export interface PytorchView {
  readonly shape: readonly number[];
  /** Row-major if `storage` is absent. */
  readonly stride: readonly number[];
  readonly offset: number;
  readonly dtype: PytorchType | null;
  readonly storage?: PytorchStorage;
  /** How its integers represent numbers. */
  readonly quantiser?: Quantiser;
  /** Why its values cannot be read, if they cannot. */
  readonly unreadable?: string;
}

/** Number of elements from the first to the last that a view uses; 0 for an empty one. */
export const viewSpan = ({ shape, stride }: Pick<PytorchView, 'shape' | 'stride'>): number =>
  shape.includes(0) ? 0 : 1 + shape.reduce((last, extent, axis) => last + (extent - 1) * stride[axis], 0);

/** Whether the view's elements are in row-major order without gaps; an axis of extent 1 can have any stride. */
export const isPacked = ({ shape, stride }: Pick<PytorchView, 'shape' | 'stride'>): boolean => {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
};

/** Copies the elements of a view from `from`, which begins at its first one, into `to` in row-major order. */
export const gather = <T extends { [index: number]: number; length: number }>(
  { shape, stride }: Pick<PytorchView, 'shape' | 'stride'>,
  from: T,
  to: T,
): T => {
  const last = shape.length - 1;
  const index = new Array<number>(shape.length).fill(0);
  let at = 0;
  for (let done = 0; done < to.length; ) {
    for (let i = 0; i < shape[last]; i++) to[done++] = from[at + i * stride[last]];
    // Increments the other indices, the innermost first, like an odometer.
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis]++;
      at += stride[axis];
      if (index[axis] < shape[axis]) break;
      at -= index[axis] * stride[axis];
      index[axis] = 0;
    }
  }
  return to;
};

import type { ElementType } from '../onnx/model.ts';

/**
 * A tensor while it is being recorded: a name in the graph plus what is known about its layout in memory.
 *
 * Two things stay lazy because they are free until something needs them:
 * - broadcasting: an axis whose `stored` extent is 1 while its `shape` extent is larger is repeated, not copied;
 * - axis order: ONNX's convolutions need channels first while tfjs uses channels last, so a value remembers the
 *   order in which its axes are stored, and element-wise operations keep that order.
 */
export interface Value {
  /** Name in the graph of the stored tensor; empty for a uniform value. */
  readonly name: string;
  readonly type: ElementType;
  /** The shape that tfjs sees. */
  readonly shape: readonly number[];
  /** Extents in memory by logical axis: the extent of `shape`, or 1 if it is repeated. */
  readonly stored: readonly number[];
  /** Logical axes in the order of memory, outermost first. */
  readonly order: readonly number[];
  /** Every element is this number; nothing is stored. */
  readonly uniform?: number;
}

export const rowMajor = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

/** Extents in memory order. */
export const memoryShape = (value: Pick<Value, 'stored' | 'order'>): number[] =>
  value.order.map((axis) => value.stored[axis]);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** numpy's rule for two shapes; the extents were already checked by tfjs. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - (rank - a.length)] ?? 1;
    const right = b[axis - (rank - b.length)] ?? 1;
    return left === 1 ? right : left;
  });
}

export const isLazyAxis = (value: Value, axis: number): boolean => value.stored[axis] !== value.shape[axis];

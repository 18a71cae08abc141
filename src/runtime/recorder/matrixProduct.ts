import { type Kernel, kernel } from './kernel.ts';
import type { Recording } from './recording.ts';
import type { Value } from './value.ts';

interface Operand {
  readonly name: string;
  readonly transposed: boolean;
}

/** A matrix stored by columns is its transpose stored by rows: the product's flag says so, and nothing is moved. */
function matrixOperand(recording: Recording, value: Value, transposed: boolean): Operand {
  const byColumns =
    value.uniform === undefined &&
    value.order[0] === 1 &&
    value.stored.every((extent, axis) => extent === value.shape[axis]);
  return byColumns
    ? { name: value.name, transposed: !transposed }
    : { name: recording.materialise(value).name, transposed };
}

export function matrixProduct(
  recording: Recording,
  a: Value,
  b: Value,
  transposeA: boolean,
  transposeB: boolean,
): Value {
  const rank = a.shape.length;
  const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
  const batch = a.shape.slice(0, -2).map((extent, axis) => Math.max(extent, b.shape[axis]));
  // The first state of a recurrent layer.
  if (a.uniform === 0 || b.uniform === 0) return recording.uniform(0, a.type, [...batch, rows, columns]);
  if (rank === 2 && b.shape.length === 2) {
    const [left, right] = [matrixOperand(recording, a, transposeA), matrixOperand(recording, b, transposeB)];
    const name =
      left.transposed || right.transposed
        ? recording.node('Gemm', [left.name, right.name], {
            transA: Number(left.transposed),
            transB: Number(right.transposed),
          })
        : recording.node('MatMul', [left.name, right.name]);
    return recording.dense(name, a.type, [rows, columns]);
  }
  const swapped = (value: Value, flag: boolean) => {
    const dense = recording.materialise(value);
    if (!flag) return dense.name;
    const axes = value.shape.map((_, axis) => axis);
    return recording.node('Transpose', [dense.name], {
      perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!],
    });
  };
  const name = recording.node('MatMul', [swapped(a, transposeA), swapped(b, transposeB)]);
  return recording.dense(name, a.type, [...batch, rows, columns]);
}

export const matrixProducts: Readonly<Record<string, Kernel>> = {
  BatchMatMul: kernel(['a', 'b'], (recording, [a, b], { transposeA, transposeB }) =>
    matrixProduct(recording, a, b, Boolean(transposeA), Boolean(transposeB)),
  ),
};

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

/** Products of fewer rows are too short to divide. */
const TALL = 4096;
/** Parts of a tall product: enough for the threads of a large machine. */
const MOST_PARTS = 16;

/** In how many parts the rows of a^T b are multiplied: a power of 2; 1 leaves the product whole. */
export function partsOf(recording: Recording, rows: number, widest: number): number {
  if (recording.operators !== 'cpu' || !recording.fixedShapes || rows < TALL) return 1;
  let parts = 1;
  while (2 * parts <= MOST_PARTS && rows % (2 * parts) === 0 && rows >= 4 * parts * widest) parts *= 2;
  return parts;
}

/**
 * a^T b of two tall matrices: [rows, columns of a]^T times [rows, columns of b]. ONNX Runtime divides the result among its threads, which is
 * small here: parts of the rows are more even, and each stays in the cache.
 */
function tallProduct(
  recording: Recording,
  a: string,
  b: string,
  [rows, left, right]: number[],
  parts: number,
): string {
  const part = (name: string, columns: number) =>
    recording.node('Reshape', [name, recording.graph.integers([parts, rows / parts, columns])]);
  const products = recording.graph.node(
    'FusedMatMul',
    [part(a, left), part(b, right)],
    { transA: 1 },
    'com.microsoft',
  );
  return recording.node('ReduceSum', [products, recording.graph.integers([0])], { keepdims: 0 });
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
    const shared = a.shape.at(transposeA ? -2 : -1)!;
    const parts =
      left.transposed && !right.transposed ? partsOf(recording, shared, Math.max(rows, columns)) : 1;
    if (parts > 1) {
      const name = tallProduct(recording, left.name, right.name, [shared, rows, columns], parts);
      return recording.dense(name, a.type, [rows, columns]);
    }
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

import { type Matrix, matrix } from '../matrix.ts';
import { addInnerProducts } from './gramKernel.ts';

/** Side of a block of a sample-by-sample kernel matrix. */
export const SIDE = 64;

/**
 * Linear kernels K = X X^T of several matrices with the same samples, block by block on and above the diagonal, so that no
 * n x n matrix is kept. `visit` gets one SIDE x SIDE block of every kernel (reused between calls) and where it starts;
 * entries beyond the last sample are 0, and in a block on the diagonal only its upper triangle is complete.
 */
export function forEachKernelBlock(
  representations: readonly Matrix[],
  visit: (kernels: Float64Array[], rowsFrom: number, columnsFrom: number) => void,
): void {
  const padded = representations.map(padRows);
  const kernels = padded.map(() => new Float64Array(SIDE * SIDE));
  const rows = padded[0]?.rows ?? 0;
  for (let i = 0; i < rows; i += SIDE) {
    for (let j = i; j < rows; j += SIDE) {
      for (const [l, { columns, data }] of padded.entries()) {
        const x = data.subarray(i * columns, (i + SIDE) * columns);
        const y = data.subarray(j * columns, (j + SIDE) * columns);
        kernels[l].fill(0);
        addInnerProducts(kernels[l], x, y, columns, i === j);
      }
      visit(kernels, i, j);
    }
  }
}

function padRows(a: Matrix): Matrix {
  const result = matrix(Math.ceil(a.rows / SIDE) * SIDE, a.columns);
  result.data.set(a.data);
  return result;
}

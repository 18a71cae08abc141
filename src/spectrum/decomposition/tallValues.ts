import { trace } from '../matrix.ts';
import type { GramSum } from '../wasm/gramSum.ts';
import { type GramSingularValues, singularValues } from './singularValues.ts';
import { foldBytes, triangularFactorOf } from './triangularFactor.ts';

/**
 * Singular values of a tall A from the sum A^T A of its rows: the square roots of its eigenvalues, which are its singular
 * values, since none is negative mathematically.
 * Error: |lambda' - lambda| <= delta, the bound of the sum's rounding and n eps lambda_1 for the decomposition, so
 * |sigma' - sigma| <= min(sqrt(delta), delta / sigma'). Small values lose digits, all of them below some 1e-6 of the
 * largest.
 */
export function singularValuesOfSum(sum: GramSum): GramSingularValues {
  const gram = sum.gram();
  const eigenvalues = singularValues(gram);
  const delta = sum.errorBound(trace(gram)) + sum.columns * Number.EPSILON * (eigenvalues[0] ?? 0);
  const values = eigenvalues.map(Math.sqrt);
  return {
    values,
    errorBounds: values.map((sigma) => (sigma * sigma > delta ? delta / sigma : Math.sqrt(delta))),
  };
}

/**
 * Singular values of a tall matrix whose rows of n columns arrive block by block, through the triangular factor of a QR
 * decomposition: each within about 1e-14 of the largest, in five times the time of `singularValuesOfSum`. `scale`
 * should bring the largest entry near 1.
 */
export async function singularValuesOfRows(
  blocks: AsyncIterable<ArrayLike<number>>,
  n: number,
  scale: number,
): Promise<Float64Array> {
  return singularValues(await triangularFactorOf(blocks, n, scale)).map((value) => value / scale);
}

/** Bytes that the decomposition of an n x n matrix or factor takes besides it. */
export const squareBytes = (n: number): number => 8 * (n + 8) ** 2 + foldBytes(n);

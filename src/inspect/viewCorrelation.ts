import { cholesky, invertLower } from './cholesky.ts';
import { type DoubleMatrix, type Matrix, matrix } from './matrix.ts';
import type { Products } from './products.ts';

/** Directions whose remaining second moment is below this share of the largest are left out. */
export const RANK_TOLERANCE = 1e-10;

/**
 * B^(-1/2) A B^(-1/2) up to a rotation, on the dimensions that are numerically independent: its eigenvalues are the
 * generalised eigenvalues of (A, B), the correlations rho between two views. A and B: [d, d] symmetric, A = E[r r+^T],
 * B = E[r r^T]. A pivoted Cholesky factorisation of B picks the dimensions; then L^-1 A L^-T with B = L L^T on them.
 */
export const whitenedPairMoment = async (
  products: Products,
  positive: Matrix,
  second: Matrix,
): Promise<DoubleMatrix | null> => {
  const chosen = independentDimensions(second, RANK_TOLERANCE);
  if (chosen.length === 0) return null;
  const factor = cholesky(restrict(second, chosen).data, chosen.length);
  if (factor === null) return null;
  const inverse = matrix(chosen.length, chosen.length, invertLower(factor, chosen.length));
  const half = await products.times(inverse, restrict(positive, chosen));
  return products.inner(half, inverse);
};

const restrict = (m: Matrix, chosen: readonly number[]): DoubleMatrix => {
  const size = chosen.length;
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) data[i * size + j] = m.data[chosen[i] * m.columns + chosen[j]];
  }
  return matrix(size, size, data);
};

/** Indices in the order in which a pivoted Cholesky factorisation takes them, until the rest is below the tolerance. */
export const independentDimensions = (m: Matrix, tolerance: number): number[] => {
  const n = m.columns;
  const remaining = Float64Array.from({ length: n }, (_, j) => m.data[j * (n + 1)]);
  const floor = tolerance * Math.max(...remaining);
  const columns: Float64Array[] = [];
  const chosen: number[] = [];
  for (let step = 0; step < n; step++) {
    const pivot = remaining.reduce((best, value, j) => (value > remaining[best] ? j : best), 0);
    if (!(remaining[pivot] > floor)) break;
    const scale = Math.sqrt(remaining[pivot]);
    const column = Float64Array.from(m.data.subarray(pivot * n, (pivot + 1) * n));
    for (const earlier of columns) {
      const factor = earlier[pivot];
      for (let j = 0; j < n; j++) column[j] -= factor * earlier[j];
    }
    for (let j = 0; j < n; j++) {
      column[j] /= scale;
      remaining[j] -= column[j] ** 2;
    }
    remaining[pivot] = Number.NEGATIVE_INFINITY;
    columns.push(column);
    chosen.push(pivot);
  }
  return chosen;
};

import { type Matrix, trace } from '../matrix.ts';
import { unitScale } from '../scale.ts';
import { bidiagonalise } from './bidiagonal.ts';
import { bidiagonalSingularValues } from './quotientDifference.ts';
import { symmetricEigenvalues } from './symmetricEigen.ts';

export interface SingularValuesOptions {
  /** Called before every pass over the matrix and of the iteration; throws to stop. */
  readonly check?: () => void;
}

/**
 * Singular values of A, min(rows, columns) of them, descending, computed directly from A: each within about
 * 1e-14 of the largest. Householder bidiagonalisation, then the quotient-difference transform. A run fault
 * when an entry is not finite.
 * Source: Golub and Kahan 1965; Fernando and Parlett 1994.
 */
export function singularValues(a: Matrix, { check = () => {} }: SingularValuesOptions = {}): Float64Array {
  const scale = unitScale(a);
  const values = bidiagonalSingularValues(bidiagonalise(a, scale, check), check);
  return values.map((value) => value / scale);
}

export interface GramSingularValues {
  /** Descending. */
  readonly values: Float64Array;
  /** |computed - exact| of each value is at most this. */
  readonly errorBounds: Float64Array;
}

/**
 * Singular values of a samples x d matrix Z from its Gram matrix G = Z^T Z (float64): sqrt of the
 * eigenvalues, negative ones (rounding) taken as 0. There are min(samples, d) of them.
 *
 * Error: |lambda' - lambda| <= delta = (samples + 10 d) eps ||Z||_F^2, eps = 2.2e-16 (the first part bounds
 * the accumulation, the second is a generous bound of the eigenvalue iteration), so |sigma' - sigma| <=
 * min(sqrt(delta), delta / sigma'). Values below about 1e-8 of the largest are therefore lost: for ranks and
 * log-determinants use `singularValues`; for RankMe, participation ratio, stable rank, entropies and
 * power-law fits this route is safe.
 */
export function singularValuesOfGram(gram: Matrix, samples: number): GramSingularValues {
  const eigenvalues = symmetricEigenvalues(gram).subarray(0, Math.min(samples, gram.rows));
  const values = eigenvalues.map((lambda) => Math.sqrt(Math.max(0, lambda)));
  const delta = (samples + 10 * gram.rows) * Number.EPSILON * Math.abs(trace(gram));
  return {
    values,
    errorBounds: values.map((sigma) => (sigma * sigma > delta ? delta / sigma : Math.sqrt(delta))),
  };
}

/**
 * Numerical rank: the count of sigma > largest sigma * max(rows, columns) * 2.2e-16, the cut-off of numpy and
 * WeightWatcher. Needs directly computed singular values.
 */
export function numericalRank(values: Float64Array, largerSide: number): number {
  const cutOff = (values[0] ?? 0) * largerSide * Number.EPSILON;
  return values.filter((sigma) => sigma > cutOff).length;
}

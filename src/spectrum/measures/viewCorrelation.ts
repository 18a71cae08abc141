import { symmetricEigen, symmetricEigenvalues } from '../decomposition/symmetricEigen.ts';
import { matrix, rowOf, symmetrised, transpose } from '../matrix.ts';
import { multiply } from '../product.ts';
import type { ViewMoments } from './pairMoments.ts';

export interface ViewCorrelation {
  /** Descending, one per direction kept, in [-1, 1]. */
  readonly values: Float64Array;
  /** Directions of B that were left out because their second moment is below the floor. */
  readonly dropped: number;
}

export const VIEW_CORRELATION_FLOOR = 1e-9;

/**
 * View-correlation spectrum: generalised eigenvalues rho of A u = rho B u for the positive-pair moment A and the second moment
 * B of the views; rho = 1 for what every pair of views shares, 0 for what no pair shares. Computed as the eigenvalues
 * of B^(-1/2) A B^(-1/2) on the directions of B whose eigenvalue is above `floor` (relative to the largest, default
 * 1e-9, well above the float32 rounding of the representations); the others are counted as dropped.
 */
export function viewCorrelation(
  { positive, second }: ViewMoments,
  floor = VIEW_CORRELATION_FLOOR,
): ViewCorrelation {
  const { values, vectors } = symmetricEigen(second);
  const least = floor * Math.max(0, values[0] ?? 0);
  const kept = values.filter((lambda) => lambda > least).length;
  const whitener = matrix(kept, vectors.columns);
  for (let k = 0; k < kept; k++) {
    const scale = 1 / Math.sqrt(values[k]);
    rowOf(whitener, k).set(rowOf(vectors, k).map((x) => scale * x));
  }
  const whitened = symmetrised(multiply(multiply(whitener, positive), transpose(whitener)));
  return { values: symmetricEigenvalues(whitened), dropped: values.length - kept };
}

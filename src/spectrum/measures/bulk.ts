import { marchenkoPasturEdges, tracyWidomEdge } from './marchenkoPastur.ts';

/** The part of a spectrum that a matrix of independent entries would have, and what exceeds it. */
export interface Bulk {
  /** Standard deviation of the entries of the noise. */
  readonly sigma: number;
  /** lambda+ of the noise, in the units of the eigenvalues given (sigma^2 of the matrix, not divided by N). */
  readonly edge: number;
  /** Eigenvalues beyond the edge with its Tracy-Widom margin. */
  readonly spikes: number;
}

export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
  /** Number of matrices of this size whose eigenvalues are given together. */
  readonly slices?: number;
}

/**
 * Marchenko-Pastur bulk of eigenvalues lambda = sigma^2 of rows x columns matrices, N = the larger side, M
 * the smaller, Q = N / M.
 * Method: the variance of the noise is the sum of the eigenvalues within the margin, divided by the
 * (N - r)(M - r) entries that r spikes leave to the noise; the edge is N var (1 + 1/sqrt(Q))^2; what is beyond
 * edge and margin is a spike; this is repeated until no eigenvalue is added. The margin is that of
 * `tracyWidomEdge` for entries of variance 1, scaled with the edge, so that the count does not depend on the
 * units. Null without a positive eigenvalue, or when nothing is left for a bulk.
 * Source: Marchenko and Pastur 1967; Baik, Ben Arous and Peche 2005: a planted singular value s exceeds noise of
 * deviation sd when s > sd (N M)^(1/4).
 */
export function fitBulk(eigenvalues: Float64Array, { rows, columns, slices = 1 }: MatrixSize): Bulk | null {
  const [larger, smaller] = [Math.max(rows, columns), Math.min(rows, columns)];
  const q = larger / smaller;
  const unitEdge = marchenkoPasturEdges(q, 1).upper;
  const unitMargin = tracyWidomEdge(q, 1, smaller);
  const descending = eigenvalues.slice().sort().reverse();
  const below = sumsFromEnd(descending);
  for (let spikes = 0; spikes < descending.length && below[spikes] > 0; ) {
    // Spikes of several slices are assumed to be spread evenly over them.
    const each = spikes / slices;
    const variance = below[spikes] / (slices * (larger - each) * (smaller - each));
    const margin = larger * variance * unitMargin;
    let beyond = spikes;
    while (beyond < descending.length && descending[beyond] > margin) beyond++;
    if (beyond === spikes) {
      return { sigma: Math.sqrt(variance), edge: larger * variance * unitEdge, spikes };
    }
    spikes = beyond;
  }
  return null;
}

/** The sum of the values from k on, for every k. */
function sumsFromEnd(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let k = values.length - 1; k >= 0; k--) sums[k] = sums[k + 1] + values[k];
  return sums;
}

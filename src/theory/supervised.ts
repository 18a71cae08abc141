import {
  matrixOfRows,
  multiply,
  pseudoInverse,
  rowOf,
  scaledRows,
  symmetricEigen,
  transpose,
} from '../spectrum/index.ts';

/** The class-conditional structure that the supervised spectral loss sees, in feature coordinates. */
export interface ClassStructure {
  /** mu_c: [classes][features], the mean of x in each class. */
  readonly means: readonly (readonly number[])[];
  /** Class probabilities; they sum to 1. */
  readonly probabilities: readonly number[];
  /** B = E[x x^T]: [features][features], positive definite. */
  readonly secondMoment: readonly (readonly number[])[];
}

export interface SupervisedWeights {
  /** Weights [L][features] after layers 1 ... L. */
  readonly layers: number[][];
  /** Rank of the learned map: at most the number of classes. */
  readonly rank: number;
}

const RANK_TOLERANCE = 1e-10;

/**
 * Feature weights of a balanced linear network trained with the supervised spectral loss (positive pair: two samples
 * of one class). With A = sum_c p_c mu_c mu_c^T the minimiser is M = B^-1 A B^-1, so w_l(j) = sqrt((M^(l/L))_jj). Its
 * rank is at most the number of classes; a feature that appears in no class mean has weight 0 at every layer (class
 * collapse). Rank counts eigenvalues above 1e-10 of the largest. Derived.
 */
export function supervisedWeights(structure: ClassStructure, layers: number): SupervisedWeights {
  const means = matrixOfRows(structure.means);
  const solved = multiply(means, pseudoInverse(matrixOfRows(structure.secondMoment)));
  const shares = Float64Array.from(structure.probabilities);
  const { values, vectors } = symmetricEigen(multiply(transpose(solved), scaledRows(solved, shares)));
  const kept = values.filter((value) => value > RANK_TOLERANCE * values[0]);
  const weightsAt = (depth: number) =>
    Array.from({ length: means.columns }, (_, j) =>
      Math.sqrt(kept.reduce((sum, value, k) => sum + value ** depth * rowOf(vectors, k)[j] ** 2, 0)),
    );
  return {
    layers: Array.from({ length: layers }, (_, index) => weightsAt((index + 1) / layers)),
    rank: kept.length,
  };
}

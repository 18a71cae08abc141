import type { Measure } from '../../protocol/index.ts';
import { type Matrix, squaredNorm, trace } from '../matrix.ts';
import { measured, unmeasured } from '../measure.ts';

/**
 * exp(-sum p_k ln p_k) with p_k = v_k / sum v + epsilon, not renormalised; terms with p = 0 count 0.
 * Values must not be negative; without a positive one there is no value.
 */
export function entropyRank(values: Float64Array, epsilon: number): Measure {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return unmeasured('all values are zero');
  let entropy = 0;
  for (const value of values) {
    const p = value / total + epsilon;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return measured(Math.exp(entropy));
}

/**
 * Derivatives of `entropyRank` along the values, R / sum v (sum_j q_j ln p_j - ln p_k) with q = v / sum v; 0 where p is 0.
 */
const entropyRankGradient = (values: Float64Array, epsilon: number): Float64Array => {
  const total = values.reduce((sum, value) => sum + value, 0);
  const logs = values.map((value) => {
    const p = value / total + epsilon;
    return p > 0 ? Math.log(p) : 0;
  });
  const mean = values.reduce((sum, value, k) => sum + (value / total) * logs[k], 0);
  const rank = entropyRank(values, epsilon).value ?? 0;
  return values.map((value, k) => (value > 0 ? (rank / total) * (mean - logs[k]) : 0));
};

/**
 * Effective rank: exp(entropy) of p_k = sigma_k / sum sigma, no epsilon; in [1, min(n, d)].
 * Source: Roy and Vetterli 2007.
 */
export const effectiveRank = (singularValues: Float64Array): Measure => entropyRank(singularValues, 0);

export const effectiveRankGradient = (singularValues: Float64Array): Float64Array =>
  entropyRankGradient(singularValues, 0);

const RANK_ME_EPSILON = 1e-7;

/**
 * RankMe: exp(-sum p_k ln p_k), p_k = sigma_k / sum sigma + epsilon, of the *uncentred* singular values (sigma, not its
 * square) of samples x d representations; epsilon 1e-7 as in the paper (stable-pretraining uses 1e-5).
 * Source: Garrido et al. 2023, who use 25,600 samples.
 */
export const rankMe = (singularValues: Float64Array, epsilon = RANK_ME_EPSILON): Measure =>
  entropyRank(singularValues, epsilon);

export const rankMeGradient = (singularValues: Float64Array, epsilon = RANK_ME_EPSILON): Float64Array =>
  entropyRankGradient(singularValues, epsilon);

/** Stable rank ||Z||_F^2 / sigma_1^2 of the singular values given: always state whether they are centred. */
export function stableRank(singularValues: Float64Array): Measure {
  const largest = singularValues[0] ?? 0;
  if (!(largest > 0)) return unmeasured('all singular values are zero');
  return measured(singularValues.reduce((sum, sigma) => sum + (sigma / largest) ** 2, 0));
}

/**
 * Participation ratio (sum lambda)^2 / sum lambda^2 = (tr C)^2 / ||C||_F^2 of a covariance C (centred; any scale), without
 * eigenvalues; in [1, d].
 */
export function participationRatio(covariance: Matrix): Measure {
  const total = trace(covariance);
  if (!(total > 0)) return unmeasured('the covariance is zero');
  return measured(total ** 2 / squaredNorm(covariance));
}

/**
 * Matrix entropy as in WeightWatcher: -sum p ln p / ln(rank + epsilon), p = sigma^2 / sum sigma^2 + epsilon, epsilon
 * 1e-10, of the uncentred singular values. Undefined for rank 1 (WeightWatcher prints a huge number there).
 * Source: WeightWatcher RMT_Util.matrix_entropy.
 */
export function matrixEntropy(singularValues: Float64Array, rank: number, epsilon = 1e-10): Measure {
  if (rank < 2) return unmeasured(`the rank is ${rank}`);
  const entropy = entropyRank(
    singularValues.map((sigma) => sigma * sigma),
    epsilon,
  );
  if (entropy.value === null) return entropy;
  return measured(Math.log(entropy.value) / Math.log(rank + epsilon));
}

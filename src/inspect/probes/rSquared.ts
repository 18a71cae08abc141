import { normalInterval, standardErrorOf } from '../../statistics/index.ts';
import type { Accuracy } from './accuracy.ts';

/** R^2, with what each sample adds to it; no value for a factor that does not vary there. */
export interface Determination extends Accuracy {
  /**
   * R^2 + its derivative along sample i (see `standardErrorOf`):
   *   o_i = R^2 + (1 - R^2) (y_i - mean)^2 / V - (y_i - p_i)^2 / V,   V the variance of y.
   * Their mean is R^2, and the mean difference of two layers is the difference of their R^2, with its error.
   */
  readonly outcomes: Float64Array;
}

/**
 * The coefficient of determination 1 - sum (y_i - p_i)^2 / sum (y_i - mean)^2 of predictions p on samples that the probe was
 * not fitted on: 1 at best, and negative for what is worse than their mean. The interval is normal, with the error of the
 * infinitesimal jackknife.
 */
export const rSquaredOf = (values: Float64Array, predicted: Float64Array): Determination => {
  const samples = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / samples;
  const spread = values.map((value) => (value - mean) ** 2);
  const misses = values.map((value, i) => (value - predicted[i]) ** 2);
  const variance = spread.reduce((sum, square) => sum + square, 0) / samples;
  const share = misses.reduce((sum, square) => sum + square, 0) / samples / variance;
  if (!Number.isFinite(share)) {
    return { accuracy: null, interval: null, samples, outcomes: new Float64Array(0) };
  }
  const outcomes = spread.map((square, i) => 1 - share + (share * square - misses[i]) / variance);
  const error = standardErrorOf(outcomes);
  return {
    accuracy: 1 - share,
    interval: error === null ? null : normalInterval(1 - share, error, [Number.NEGATIVE_INFINITY, 1]),
    samples,
    outcomes,
  };
};

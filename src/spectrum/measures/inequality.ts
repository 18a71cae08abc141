import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import { measured, unmeasured } from '../measure.ts';

/**
 * Effective number of feature weights (sum w)^2 / sum w^2: k when k weights are equal and the others 0; in [1, number of
 * weights]. Weights are not negative.
 */
export function effectiveNumber(weights: ArrayLike<number>): Measure {
  const w = Array.from(weights);
  const largest = w.reduce((most, weight) => Math.max(most, weight), 0);
  if (!(largest > 0)) return unmeasured(w.length === 0 ? 'no features' : 'all weights are zero');
  // Relative to the largest, so that the squares of tiny weights do not vanish.
  const sum = w.reduce((total, weight) => total + weight / largest, 0);
  return measured(sum ** 2 / w.reduce((total, weight) => total + (weight / largest) ** 2, 0));
}

/**
 * Gini coefficient of feature weights, sum_i (2i - n - 1) w_(i) / (n sum w) with w ascending, i from 1: 0 when all are
 * equal, (n - 1) / n when one has the whole weight. Weights are not negative.
 */
export function gini(weights: ArrayLike<number>): Measure {
  const w = Float64Array.from(weights).sort();
  const total = w.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return unmeasured(w.length === 0 ? 'no features' : 'all weights are zero');
  const ranked = w.reduce((sum, weight, i) => sum + (2 * (i + 1) - w.length - 1) * (weight / total), 0);
  return measured(ranked / w.length);
}

/** What the feature weights of a layer determine. */
export const inequalityMeasures = (
  weights: ArrayLike<number>,
): Record<MeasuresOn<'feature weights'>, Measure> => ({
  effectiveNumber: effectiveNumber(weights),
  gini: gini(weights),
});

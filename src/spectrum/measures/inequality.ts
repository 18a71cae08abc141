import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import { standardErrorOf } from '../../statistics/index.ts';
import { measured, unmeasured, withError } from '../measure.ts';

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
  const squares = w.reduce((total, weight) => total + (weight / largest) ** 2, 0);
  // Of equal weights, rounding can take the quotient beyond their number.
  return measured(Math.min(w.length, sum ** 2 / squares));
}

/** Derivatives along the weights, not all of which are 0: 2 S / Q - 2 S^2 w_j / Q^2 with S = sum w, Q = sum w^2. */
const effectiveNumberGradient = (weights: Float64Array): Float64Array => {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const relative = weights.map((weight) => weight / largest);
  const sum = relative.reduce((total, weight) => total + weight, 0);
  const squares = relative.reduce((total, weight) => total + weight ** 2, 0);
  return relative.map((weight) => (2 * (sum / squares) * (1 - (sum * weight) / squares)) / largest);
};

/**
 * Gini coefficient of feature weights, sum_i (2i - n - 1) w_(i) / (n sum w) with w ascending, i from 1: 0 when all are
 * equal, (n - 1) / n when one has the whole weight. Weights are not negative.
 */
export function gini(weights: ArrayLike<number>): Measure {
  const w = Float64Array.from(weights).sort();
  const total = w.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return unmeasured(w.length === 0 ? 'no features' : 'all weights are zero');
  const ranked = w.reduce((sum, weight, i) => sum + (2 * (i + 1) - w.length - 1) * (weight / total), 0);
  // Of equal weights, rounding can take the sum below 0.
  return measured(Math.max(0, ranked / w.length));
}

/** Indices of the weights, ascending by weight. */
const ranking = (weights: Float64Array): number[] =>
  Array.from(weights, (_, j) => j).sort((a, b) => weights[a] - weights[b]);

/** Derivatives along the weights with their ranking held fixed: ((2i - n - 1) / n - G) / sum w for the i-th smallest. */
const giniGradient = (weights: Float64Array): Float64Array => {
  const n = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const value = gini(weights).value ?? 0;
  const gradient = new Float64Array(n);
  for (const [place, j] of ranking(weights).entries())
    gradient[j] = ((2 * (place + 1) - n - 1) / n - value) / total;
  return gradient;
};

/** Derivatives of every weight along the same samples (see `standardErrorOf`). */
type Influences = readonly Float64Array[];

/** By the chain rule, psi_i = sum_j df/dw_j psi_ij. */
const errorAlong = (gradient: Float64Array, influences: Influences): number | null =>
  standardErrorOf(
    influences[0].map((_, i) => influences.reduce((sum, own, j) => sum + gradient[j] * own[i], 0)),
  );

/**
 * Whether equal weights also change alike along every sample, as all weights of the input do, which are 1 whatever the samples.
 * Otherwise the ranking changes at this very point, and the Gini coefficient has no derivative.
 */
const tiesStay = (weights: Float64Array, influences: Influences): boolean => {
  const order = ranking(weights);
  return order.every((j, place) => {
    const before = order[Math.max(0, place - 1)];
    return (
      weights[before] !== weights[j] ||
      influences[j].every((own, sample) => own === influences[before][sample])
    );
  });
};

/** Influences of all weights; null if a weight is 0 or has none. */
const knownInfluences = (
  weights: Float64Array,
  influences: readonly (Float64Array | null)[],
): Influences | null => {
  const known = influences.filter((each) => each !== null);
  const complete = known.length > 0 && known.length === weights.length;
  return complete && weights.every((weight) => weight > 0) ? known : null;
};

/**
 * What the feature weights of a layer determine, with 95 % intervals by the infinitesimal jackknife: a weight w_j is itself a
 * statistic of the samples, `influences[j]` is its derivative psi_ij along each, and psi_i = sum_j df/dw_j psi_ij. Bounds
 * are [1, n] and [0, (n - 1) / n].
 *
 * No interval when a weight is 0, or its influences are not known: exact moments, a feature that could not be measured or whose
 * own interval reaches 0. A weight is the square root of what is left after chance is subtracted, and a square root has
 * no derivative at 0. No interval of `gini` when two weights are equal that change differently. An interval does not
 * correct a bias: errors of the weights add to their inequality, and where they are as large as the differences between
 * the weights, as at equal ones, the interval lies below the true effective number and above the true Gini coefficient.
 * Source: Jaeckel 1972; Efron 1982, chapter 6. Of the Gini coefficient with fixed ranks: Langel and Tillé 2013.
 */
export const inequalityMeasures = (
  weights: ArrayLike<number>,
  influences: readonly (Float64Array | null)[],
): Record<MeasuresOn<'feature weights'>, Measure> => {
  const w = Float64Array.from(weights);
  const n = w.length;
  const known = knownInfluences(w, influences);
  const ofNumber = known && errorAlong(effectiveNumberGradient(w), known);
  const ofGini = known && tiesStay(w, known) ? errorAlong(giniGradient(w), known) : null;
  return {
    effectiveNumber: withError(effectiveNumber(w), ofNumber, [1, n]),
    gini: withError(gini(w), ofGini, [0, (n - 1) / n]),
  };
};

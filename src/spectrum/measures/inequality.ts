import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import { optimismOf, standardErrorOf } from '../../statistics/index.ts';
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
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  return weights.map((weight) => 2 * (sum / squares) * (1 - (sum * weight) / squares));
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

/** The largest bias that an interval is given with, in standard errors: it then holds the truth in 94 % of cases. */
const LARGEST_BIAS = 0.3;

const isSmall = (bias: number, error: number | null): boolean =>
  error !== null && Math.abs(bias) <= LARGEST_BIAS * error;

/** About E N - N: errors of the weights add to sum w^2, and that of their sum to its square. */
const effectiveNumberBias = (weights: Float64Array, influences: Influences): number => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  const added = influences.reduce((total, own) => total + (standardErrorOf(own) ?? 0) ** 2, 0);
  const ofSum = (errorAlong(new Float64Array(weights.length).fill(1), influences) ?? 0) ** 2;
  return (ofSum - (sum ** 2 / squares) * added) / squares;
};

/** Pairs of more weights are too many. */
const MOST_PAIRED = 512;

/** About E G - G: estimates of two weights differ by more than these do, the more so the closer they are. */
const giniBias = (weights: Float64Array, influences: Influences): number => {
  if (weights.length > MOST_PAIRED) return Number.POSITIVE_INFINITY;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let excess = 0;
  for (let i = 0; i < weights.length; i++) {
    for (let j = 0; j < i; j++) {
      const error = standardErrorOf(influences[i].map((own, k) => own - influences[j][k])) ?? 0;
      excess += 2 * optimismOf({ value: Math.abs(weights[i] - weights[j]), error });
    }
  }
  return excess / (weights.length * total);
};

/**
 * What the feature weights of a layer determine, with 95 % intervals by the infinitesimal jackknife: a weight w_j is itself a
 * statistic of the samples, `influences[j]` is its derivative psi_ij along each, and psi_i = sum_j df/dw_j psi_ij. Bounds
 * are [1, n] and [0, (n - 1) / n].
 *
 * No interval when a weight is 0, or its influences are not known: exact moments, a feature that could not be measured or whose
 * own interval reaches 0. A weight is the square root of what is left after chance is subtracted, and a square root has
 * no derivative at 0. No interval of `gini` when two weights are equal that change differently. Errors of the weights add to
 * their inequality: where that bias is more than 0.3 standard errors, as of weights that are nearly equal, there is none.
 * Source: Jaeckel 1972; Efron 1982, chapter 6. Of the Gini coefficient with fixed ranks: Langel and Tillé 2013.
 */
export const inequalityMeasures = (
  weights: ArrayLike<number>,
  influences: readonly (Float64Array | null)[],
): Record<MeasuresOn<'feature weights'>, Measure> => {
  const w = Float64Array.from(weights);
  const n = w.length;
  const [number, coefficient] = [effectiveNumber(w), gini(w)];
  const largest = w.reduce((most, weight) => Math.max(most, weight), 0);
  const known = knownInfluences(w, influences)?.map((own) => own.map((influence) => influence / largest));
  if (known === undefined) return { effectiveNumber: number, gini: coefficient };
  // Relative to the largest, as the values.
  const relative = w.map((weight) => weight / largest);
  const ofNumber = errorAlong(effectiveNumberGradient(relative), known);
  const ofGini = tiesStay(relative, known) ? errorAlong(giniGradient(relative), known) : null;
  const isNumberKnown = isSmall(effectiveNumberBias(relative, known), ofNumber);
  const isGiniKnown = ofGini !== null && isSmall(giniBias(relative, known), ofGini);
  return {
    effectiveNumber: withError(number, isNumberKnown ? ofNumber : null, [1, n]),
    gini: withError(coefficient, isGiniKnown ? ofGini : null, [0, (n - 1) / n]),
  };
};

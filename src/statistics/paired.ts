import { densityAt, normalBelow } from './normal.ts';

/** A run of samples that is resampled by itself: one group. */
export interface Stratum {
  readonly from: number;
  readonly to: number;
}

export interface Difference {
  readonly value: number;
  readonly error: number;
}

/** What each sample adds to a score, which is their mean: 0 or 1 of an accuracy, any number of R². */
export type Outcomes = Uint8Array | Float32Array;

export const meanOutcome = (outcomes: Outcomes): number => {
  let sum = 0;
  for (let at = 0; at < outcomes.length; at++) sum += outcomes[at];
  return sum / outcomes.length;
};

/**
 * How much lower the mean of the outcomes `other` is than that of `best`, of the same n samples:
 *   d = mean of y_i - y'_i,   se = sqrt(mean of (y_i - y'_i)^2 - d^2) / sqrt(n).
 * Of an accuracy d = (b - c) / n, and the mean square is (b + c) / n, with b samples that only `best` predicts right and c
 * that only `other` does (the paired form of McNemar 1947).
 */
export const pairedLoss = (best: Outcomes, other: Outcomes): Difference => {
  const n = best.length;
  let [sum, squares] = [0, 0];
  for (let at = 0; at < n; at++) {
    const difference = best[at] - other[at];
    sum += difference;
    squares += difference * difference;
  }
  const value = sum / n;
  return { value, error: Math.sqrt(Math.max(0, squares / n - value * value) / n) };
};

/** A score that is linear in the outcomes: sum over groups of a weight times the number of right outcomes there. */
export interface LinearScore {
  readonly outcomes: Outcomes;
  /** By group: what one right outcome adds to the score. */
  readonly weights: readonly number[];
}

/**
 * The difference of two linear scores of the same samples. Groups are strata: the error is
 * sqrt(sum_g n_g Var_g(u_g y - v_g y')), with y and y' the outcomes of both and u, v their weights.
 */
export const stratifiedLoss = (
  best: LinearScore,
  other: LinearScore,
  groups: readonly Stratum[],
): Difference => {
  let [value, variance] = [0, 0];
  groups.forEach(({ from, to }, g) => {
    const [u, v] = [best.weights[g], other.weights[g]];
    let [sum, squares] = [0, 0];
    for (let at = from; at < to; at++) {
      const part = u * best.outcomes[at] - v * other.outcomes[at];
      sum += part;
      squares += part * part;
    }
    value += sum;
    variance += squares - (sum * sum) / (to - from);
  });
  return { value, error: Math.sqrt(Math.max(0, variance)) };
};

/**
 * By how much the larger of two normal estimates is too high on average when their true values differ by `value` and the
 * error of the difference is `error`: E max - max E = error phi(z) - value Phi(-z), z = value / error.
 */
export const optimismOf = ({ value, error }: Difference): number => {
  if (error === 0) return 0;
  const z = value / error;
  return Math.max(0, error * densityAt(z) - value * normalBelow(-z));
};

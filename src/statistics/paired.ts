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

/**
 * How much lower the accuracy `other` is than `best`, both outcomes (0 or 1) of the same n samples:
 *   d = (b - c) / n,   se = sqrt((b + c) / n - d^2) / sqrt(n),
 * with b samples that only `best` predicts right and c that only `other` does (the paired form of McNemar 1947).
 */
export const pairedLoss = (best: Uint8Array, other: Uint8Array): Difference => {
  const n = best.length;
  let [b, c] = [0, 0];
  for (let at = 0; at < n; at++) {
    if (best[at] > other[at]) b++;
    if (best[at] < other[at]) c++;
  }
  const value = (b - c) / n;
  return { value, error: Math.sqrt(Math.max(0, (b + c) / n - value * value) / n) };
};

/** A score that is linear in the outcomes: sum over groups of a weight times the number of right outcomes there. */
export interface LinearScore {
  readonly outcomes: Uint8Array;
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

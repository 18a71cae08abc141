import type { Predicted } from './logisticScores.ts';
import type { ProbeTask } from './task.ts';

/** What a probe predicts of the ranked samples at one penalty. */
interface Tried {
  readonly ranked: Predicted;
}

/** The penalty with the highest accuracy, by weight; the first of equals. */
export const mostAccurate = <T extends Tried>(ranking: ProbeTask['ranking'], tried: readonly T[]): T => {
  const rights = tried.map(({ ranked }) => rightOf(ranking!, ranked.classes));
  return tried[rights.indexOf(rights.reduce((most, right) => Math.max(most, right)))];
};

/** The losses with the lowest mean: the best C for probabilities is often smaller than the best one for decisions. */
export const lowestLosses = (tried: readonly Tried[]): Float64Array =>
  tried
    .map(({ ranked }) => ranked.losses)
    .reduce((lowest, losses) => (sumOf(lowest) <= sumOf(losses) ? lowest : losses));

const rightOf = ({ set, weights }: NonNullable<ProbeTask['ranking']>, classes: Int32Array): number =>
  classes.reduce((sum, label, i) => (label === set.labels[i] ? sum + (weights?.[i] ?? 1) : sum), 0);

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

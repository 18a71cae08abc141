import type { FitLabels, ProbeTask } from './task.ts';

/** What one fit learns: labels in 0 .. classes - 1. A weight of 0 leaves a sample out. */
export interface FitTask extends FitLabels {
  readonly classes: number;
}

export const wholeOf = ({ train, classes }: ProbeTask): FitTask => ({ ...train, classes });

/** One fit for each fold, on the others; none for a task that is not ranked by folds. */
export const foldsOf = ({ ranking, train, classes }: ProbeTask): FitTask[] =>
  ranking === null || ranking.on === 'validation'
    ? []
    : Array.from({ length: ranking.count }, (_, fold) => ({
        labels: train.labels,
        classes,
        weights: Float64Array.from(ranking.folds, (own, sample) =>
          own === fold ? 0 : (train.weights?.[sample] ?? 1),
        ),
      }));

export const shufflesOf = ({ shuffles, classes }: ProbeTask): FitTask[] =>
  shuffles.map((train) => ({ ...train, classes }));

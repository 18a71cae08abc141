import {
  type Analysis,
  type Candidate,
  type Evaluation,
  Fault,
  type Recommendation,
} from '../protocol/index.ts';
import { ONE_SIDED, optimismOf, TWO_SIDED } from '../statistics/index.ts';
import { comparisonsOf, unbeatenBy } from './comparisons.ts';
import { type Evidence, evaluationOn, gatherEvidence, type Question } from './evidence.ts';
import { reasonFor } from './reason.ts';
import { scoresOf } from './scores.ts';

/**
 * The layer to keep for a task: the one with the highest accuracy out of fold, the earliest of equals.
 *
 * Layers are ranked on labelled samples that neither the encoder's label nor the probe has seen (`outOfFold` of the
 * probes), and the recommended one is reported on the test split, which took no part in the choice. With `on`, a
 * test set does both. Candidates are the layers of the encoder and the head.
 *
 * With d_l the loss of layer l against the best layer on the same samples and se_l its paired standard error:
 * a layer cannot be told apart from the best one (`near`) when d_l <= 1.645 se_l. The verdict is `clear` only when every
 * other layer has d_l > 1.96 se_l.
 *
 * `criterion: 'worst-group accuracy'` maximises the shrunk accuracy of the worst group instead (see scores.ts). `within: m`
 * recommends the earliest layer with d_l + 1.645 se_l <= m.
 *
 * Throws an input fault for an unknown task, method or test set (it lists the existing ones), for a worst group of a
 * task without groups, and for an analysis without probes; a run fault when there is nothing to rank by.
 */
export function recommend(analysis: Analysis, question: Question = {}): Recommendation {
  const evidence = gatherEvidence(analysis, question);
  const { task, method, criterion, on } = evidence;
  const candidates = candidatesOf(evidence);
  // Sorting is stable: among equals the earlier layer ranks first.
  const ranking = [...candidates].sort((a, b) => b.accuracy - a.accuracy);
  const best = ranking[0];
  const within = question.within ?? null;
  const recommended =
    within === null
      ? best
      : (candidates.find(({ loss, lossError }) => loss + ONE_SIDED * lossError <= within) ?? best);
  const others = ranking.filter((candidate) => candidate !== best);
  const isClear = others.length > 0 && others.every(({ loss, lossError }) => loss > TWO_SIDED * lossError);
  const comparisons = comparisonsOf(analysis, evidence, recommended.layer);
  const unexplained = {
    task,
    method,
    criterion,
    within,
    ranked: { on: evidence.rankedOn, samples: evidence.samples, folds: evidence.folds },
    on,
    verdict: isClear ? ('clear' as const) : ('no clear winner' as const),
    unbeaten: unbeatenBy(analysis, evidence, recommended.layer, comparisons),
    recommended,
    runnerUp: ranking.find((candidate) => candidate !== recommended) ?? null,
    best,
    ranking,
    comparisons,
    optimism: others.length === 0 ? 0 : optimismOf({ value: others[0].loss, error: others[0].lossError }),
  };
  return { ...unexplained, reason: reasonFor(unexplained, evidence.unscored) };
}

/** In order from the input. */
const candidatesOf = (evidence: Evidence): Candidate[] => {
  const scores = scoresOf(evidence);
  const best = scores.byLayer.reduce((top, { value }, l, all) => (value > all[top].value ? l : top), 0);
  return evidence.layers.map(({ layer, probe }, l) => {
    const { value, interval, samples, group } = scores.byLayer[l];
    const loss = l === best ? { value: 0, error: 0 } : scores.loss(best, l);
    return {
      layer: layer.name,
      accuracy: value,
      interval,
      samples,
      group,
      loss: loss.value,
      lossError: loss.error,
      near: loss.value <= ONE_SIDED * loss.error,
      reported: reportedOf(evaluationOn(probe, evidence.on)),
    };
  });
};

const reportedOf = (evaluation: Evaluation | undefined): Candidate['reported'] => {
  if (evaluation === undefined || evaluation.accuracy === null || evaluation.interval === null) return null;
  const { accuracy, interval, samples, worstGroup: worst } = evaluation;
  return {
    accuracy,
    interval,
    samples,
    worstGroup:
      worst === null || worst.accuracy === null || worst.interval === null
        ? null
        : { group: worst.group, accuracy: worst.accuracy, interval: worst.interval, samples: worst.samples },
  };
};

const tasksOf = ({ layers }: Analysis): string[] => [
  ...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task))),
];

/** The layer to keep for every downstream task, in the experiment's order; a task that no probe scored is left out. */
export const recommendAll = (analysis: Analysis): Recommendation[] =>
  tasksOf(analysis).flatMap((task) => {
    try {
      return [recommend(analysis, { task })];
    } catch (error) {
      if (error instanceof Fault && error.kind === 'run') return [];
      throw error;
    }
  });

import {
  type Analysis,
  type Candidate,
  Fault,
  formatCount,
  formatPercent,
  percentOf,
  type Recommendation,
} from '../protocol/index.ts';
import { type Evidence, gatherEvidence, type Question, type Scored } from './candidates.ts';

/**
 * The layer to keep for a task: the earliest one whose score is within one standard error of the best score. The
 * score is the probe's accuracy or, when the task has groups, the accuracy of the layer's worst group; `runnerUp` is
 * the best of the other layers. Candidates are the layers of the encoder and the head; the raw input and the
 * classifier are left out, and so are layers whose probe failed (the reason names them).
 *
 * The standard error is the unpaired, binomial one of the best layer, over the samples it was scored on (for a worst
 * group those of that group): the analysis keeps counts, not the outcome of every sample, so the paired error of a
 * difference cannot be computed. Layers see the same samples and agree on most, so the paired error is usually
 * smaller; the unpaired one favours the earlier layer.
 *
 * The verdict is `no clear winner` when (1) the 95 % interval of the same probe on shuffled labels reaches the
 * recommended score (that null is measured over the whole test split, whatever the criterion); (2) there is only one
 * candidate; or (3) every candidate is within one standard error of the best.
 *
 * The default method is `logistic-standardised`. After a `reweighting` head use `logistic-raw` or `knn` instead:
 * that head only rescales each dimension, standardising undoes it, and pre- and post-projection layers then score the
 * same up to underflow.
 *
 * Throws an input fault for an unknown task, method or test set (it lists the existing ones) and for an analysis
 * without probes; a run fault when none of the requested probes has a score.
 */
export function recommend(analysis: Analysis, question: Question = {}): Recommendation {
  const evidence = gatherEvidence(analysis, question);
  const { task, method, on, criterion, scored } = evidence;
  // Sorting is stable: among equals the earlier layer ranks first.
  const ranking = [...scored].sort((a, b) => b.accuracy - a.accuracy);
  const best = ranking[0];
  const near = scored.filter(({ accuracy }) => accuracy >= best.accuracy - best.standardError);
  const recommended = near[0];
  const runnerUp = ranking.find((candidate) => candidate !== recommended) ?? null;
  const doubt = doubtAbout(evidence, recommended, near.length, best);
  return {
    task,
    method,
    on,
    criterion,
    verdict: doubt === null ? 'clear' : 'no clear winner',
    recommended: bare(recommended),
    runnerUp: runnerUp && bare(runnerUp),
    best: bare(best),
    ranking: ranking.map(bare),
    reason: reasonFor(evidence, recommended, best, runnerUp, doubt),
  };
}

const bare = ({ layer, accuracy, interval, standardError, samples }: Scored): Candidate => ({
  layer,
  accuracy,
  interval,
  standardError,
  samples,
});

const points = (share: number): string => `${percentOf(share)} points`;

/** Why the evidence does not identify one layer; null when it does. */
function doubtAbout(evidence: Evidence, recommended: Scored, near: number, best: Scored): string | null {
  const { chance } = recommended;
  if (chance !== null && chance >= recommended.accuracy) {
    return `the same probe on shuffled labels reaches ${formatPercent(chance)}, so this may be chance`;
  }
  const candidates = evidence.scored.length;
  if (candidates === 1) return 'it is the only layer with a score, so there is nothing to compare it with';
  if (near < candidates) return null;
  return `all ${candidates} layers are within one standard error (${points(best.standardError)}) of the best, "${best.layer}"`;
}

function reasonFor(
  evidence: Evidence,
  recommended: Scored,
  best: Scored,
  runnerUp: Scored | null,
  doubt: string | null,
): string {
  const { task, on, criterion, scored, unscored } = evidence;
  const { layer, accuracy, interval, samples, group } = recommended;
  const of = group === null ? '' : ` of group ${group}`;
  const place = on === 'test' ? 'test' : `"${on}"`;
  const score = `${formatPercent(accuracy)} (95 % interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}, ${formatCount(samples)} ${place} samples${of})`;
  const other = runnerUp && `; runner-up "${runnerUp.layer}" with ${formatPercent(runnerUp.accuracy)}`;
  const missing = unscored.length === 0 ? '' : `; without a score: ${unscored.join(', ')}`;
  const tail = `${other ?? ''}${missing}.`;
  if (doubt !== null) {
    return `No clear winner for ${task}: "${layer}" is the earliest choice with ${criterion === 'accuracy' ? 'an accuracy' : `a ${criterion}`} of ${score}, but ${doubt}${tail}`;
  }
  const error = `one standard error (${points(best.standardError)})`;
  if (recommended === best) {
    return `"${layer}" has the best ${criterion} on ${task}, ${score}, and no earlier layer comes within ${error} of it${tail}`;
  }
  return `"${layer}" is the earliest of ${scored.length} layers within ${error} of the best ${criterion} on ${task}, ${formatPercent(best.accuracy)} at "${best.layer}"; it has ${score}${tail}`;
}

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

import {
  type Analysis,
  type Criterion,
  type Evaluation,
  inputFault,
  isUsual,
  type LayerAnalysis,
  type Probe,
  type Recommendation,
  runFault,
  unpackOutcomes,
} from '../protocol/index.ts';
import type { Outcomes } from '../statistics/index.ts';

/** Which evidence the choice is based on. */
export interface Question {
  /** Default: the first downstream task. */
  readonly task?: string;
  /** Default: the analysis's usual method, or the first one that was run. */
  readonly method?: string;
  /**
   * A test set to rank on and to report: `test` or a shift. Default: rank out of fold, or on `test` where that is not
   * possible, and report on `test`.
   */
  readonly on?: string;
  /** Default: `accuracy`. */
  readonly criterion?: Criterion;
  /** Take the earliest layer that with 95 % confidence loses at most this share. Default: take the best layer. */
  readonly within?: number;
}

/** A run of outcomes that belong to one group. */
export interface Span {
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

/** The probe of one layer, and what every sample adds to its score. */
interface LayerEvidence {
  readonly layer: LayerAnalysis;
  readonly probe: Probe;
  readonly ranked: Outcomes;
  /** Of a few-shot probe: the accuracy of each draw. */
  readonly byDraw: readonly number[] | null;
}

/** What layers are ranked by: outcomes of the same samples at every layer. */
export interface Evidence {
  readonly task: string;
  readonly method: string;
  readonly criterion: Recommendation['criterion'];
  /** `train` or `validation` out of fold, or a test set. */
  readonly rankedOn: string;
  readonly folds: number;
  readonly samples: number;
  /** The test set that the result is reported on. */
  readonly on: string;
  /** Of the ranked samples; empty for a task without groups. */
  readonly groups: readonly Span[];
  /** Candidates, in order from the input. */
  readonly layers: readonly LayerEvidence[];
  /** Layers whose probe has no score. */
  readonly unscored: readonly string[];
}

/** The outcomes of an evaluation; null when it keeps none, or some that are no numbers. */
export const outcomesOf = (evaluation: Evaluation | null | undefined): Outcomes | null => {
  if (evaluation?.outcomes == null || evaluation.samples === 0) return null;
  const outcomes = unpackOutcomes(evaluation.outcomes, evaluation.samples);
  return outcomes.every(Number.isFinite) ? outcomes : null;
};

/** The input is not a layer to keep, and the classifier is the training task itself. */
const isCandidate = ({ part }: LayerAnalysis): boolean => part !== 'input' && part !== 'classifier';

export const probeOf = (
  { probes }: Pick<LayerAnalysis, 'probes'>,
  task: string,
  method: string,
): Probe | undefined => probes.find((probe) => probe.task === task && probe.method === method);

export const evaluationOn = (probe: Probe | undefined, on: string): Evaluation | undefined =>
  probe?.evaluations.find((evaluation) => evaluation.on === on);

/**
 * The evidence for a question. Throws an input fault for a task, method or test set that the analysis does not have, and
 * a run fault when no probe has outcomes.
 */
export function gatherEvidence(analysis: Analysis, question: Question): Evidence {
  const layers = analysis.layers.filter(isCandidate);
  const probes = layers.flatMap((layer) => layer.probes);
  const task = pick(
    'task',
    question.task,
    namesOf(probes, ({ task }) => task),
  );
  const ofTask = probes.filter((probe) => probe.task === task);
  const methods = namesOf(ofTask, ({ method }) => method);
  const usual = methods.find((method) => isUsual(analysis, method));
  const method = pick('method', question.method ?? usual, methods);
  const chosen = ofTask.filter((probe) => probe.method === method);
  const evaluations = chosen.flatMap((probe) => probe.evaluations);
  if (evaluations.length === 0) throw nothingScored(task, method, chosen);
  const on = pick(
    'test set',
    question.on ?? 'test',
    namesOf(evaluations, ({ on }) => on),
  );
  const isRankedApart = question.on === undefined && chosen.some(({ outOfFold }) => outOfFold !== null);
  const ranking = (probe: Probe | undefined): Evaluation | null =>
    (isRankedApart ? probe?.outOfFold : evaluationOn(probe, on)) ?? null;
  const rows = layers.map((layer) => {
    const probe = probeOf(layer, task, method);
    const evaluation = ranking(probe);
    return {
      layer,
      probe: probe!,
      evaluation,
      ranked: outcomesOf(evaluation),
      byDraw: evaluation?.byDraw ?? null,
    };
  });
  const scored = rows.flatMap((row) => (row.ranked === null ? [] : [{ ...row, ranked: row.ranked }]));
  if (scored.length === 0) throw nothingRanked(analysis, task, method, chosen);
  const { evaluation, probe, ranked } = scored[0];
  const groups = spansOf(evaluation!);
  if (question.criterion === 'worst-group accuracy' && groups.length === 0) {
    throw probe.score === 'R²'
      ? inputFault(
          `the task "${task}" has R² and no accuracy of groups`,
          '',
          'Choose without a criterion, or a task with a categorical factor',
        )
      : inputFault(
          `the task "${task}" has no groups`,
          '',
          'Give the task "groups" in the experiment file and inspect the run again',
        );
  }
  return {
    task,
    method,
    criterion: probe.score === 'R²' ? 'R²' : (question.criterion ?? 'accuracy'),
    rankedOn: evaluation!.on,
    folds: isRankedApart ? (probe.outOfFold?.folds ?? 0) : 0,
    samples: ranked.length,
    on,
    groups,
    // Every layer sees the same samples; another number of them is damage.
    layers: scored.filter((row) => row.ranked.length === ranked.length),
    unscored: rows.filter((row) => row.ranked?.length !== ranked.length).map((row) => row.layer.name),
  };
}

/** Where the outcomes of each group are; groups without samples have none. */
const spansOf = ({ groups }: Evaluation): Span[] => {
  let from = 0;
  return groups.flatMap(({ group, samples }) => {
    const span = { group, from, to: from + samples };
    from = span.to;
    return samples === 0 ? [] : [span];
  });
};

const namesOf = <T>(all: readonly T[], name: (each: T) => string): string[] => [...new Set(all.map(name))];

/** The requested name, or the first available one. */
function pick(noun: string, wanted: string | undefined, known: readonly string[]): string {
  if (known.length === 0) {
    const remedy =
      'Add a downstream task to the experiment (population data takes none) and train it into another folder';
    throw inputFault('the analysis has no probes', '', remedy);
  }
  if (wanted === undefined) return known[0];
  if (known.includes(wanted)) return wanted;
  throw inputFault(`the analysis has no ${noun} "${wanted}"`, '', `Use one of: ${known.join(', ')}`);
}

const reasonOf = (probes: readonly Probe[]): string =>
  probes.find(({ note }) => note !== undefined)?.note ?? 'no reason was recorded';

const nothingScored = (task: string, method: string, probes: readonly Probe[]) =>
  runFault(
    `no ${method} probe of the task "${task}" has a score (${reasonOf(probes)})`,
    '',
    'Inspect the run again with more samples, or choose another task or method',
  );

const nothingRanked = ({ version }: Analysis, task: string, method: string, probes: readonly Probe[]) =>
  version === 1
    ? runFault('an earlier version of Pentimento wrote this analysis', '', 'Inspect the run again')
    : nothingScored(task, method, probes);

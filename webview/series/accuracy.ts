import * as l10n from '@vscode/l10n';
import {
  type Analysis,
  type Evaluation,
  type Probe,
  type ProbeMethod,
  type ProbeScore,
  regressionLike,
} from '../../src/protocol/messages.ts';
import type { Table } from './table.ts';

export interface AccuracyPoint {
  readonly layer: string;
  /** Null if the probe was not fitted; `note` says why. */
  readonly evaluation: Evaluation | null;
  /** The 95 % interval of the probe fitted on shuffled labels. */
  readonly shuffled: readonly [number, number] | null;
  readonly note: string | null;
}

/** One task by layer, in the document's layer order. */
export interface AccuracySeries {
  readonly task: string;
  /** What is called accuracy here: R² of a continuous factor. */
  readonly score: ProbeScore;
  readonly points: readonly AccuracyPoint[];
}

const allProbes = (analysis: Analysis): Probe[] => analysis.layers.flatMap((layer) => layer.probes);

export const probeTasks = (analysis: Analysis): string[] => [
  ...new Set(allProbes(analysis).map((probe) => probe.task)),
];
/** Of categorical factors, where there are any: a continuous one is shown with the probe like the one that is chosen. */
export const probeMethods = (analysis: Analysis): ProbeMethod[] => {
  const probes = allProbes(analysis);
  const classified = probes.filter(({ score }) => score === 'accuracy');
  return [...new Set((classified.length > 0 ? classified : probes).map(({ method }) => method))];
};

/** The test split first, then the shifts. */
export const evaluationSets = (analysis: Analysis): string[] => {
  const names = allProbes(analysis).flatMap((probe) => probe.evaluations.map((evaluation) => evaluation.on));
  return [...new Set(names)].sort((a, b) => Number(b === 'test') - Number(a === 'test'));
};

export const METHOD_LABELS: Readonly<Record<ProbeMethod, string>> = {
  'logistic-standardised': l10n.t('logistic regression, standardised'),
  'logistic-raw': l10n.t('logistic regression, raw'),
  'logistic-normalised': l10n.t('logistic regression, rows of length 1'),
  mlp: l10n.t('perceptron, one hidden layer'),
  knn: l10n.t('k nearest neighbours'),
  'few-shot-1': l10n.t('1 sample a class'),
  'few-shot-5': l10n.t('5 samples a class'),
  'few-shot-20': l10n.t('20 samples a class'),
  'ridge-standardised': l10n.t('ridge regression, standardised'),
  'ridge-raw': l10n.t('ridge regression, raw'),
};

/** Of tasks with a continuous factor, the ridge regression like `method`. */
export const accuracySeries = (analysis: Analysis, method: ProbeMethod, on: string): AccuracySeries[] => {
  const isRegression = method === 'ridge-raw' || method === 'ridge-standardised';
  const isShown = (probe: Probe): boolean =>
    probe.method === (isRegression || probe.score === 'accuracy' ? method : regressionLike(method));
  const probes = allProbes(analysis);
  return probeTasks(analysis).map((task) => ({
    task,
    score: probes.find((probe) => probe.task === task)!.score,
    points: analysis.layers.map((layer) => {
      const probe = layer.probes.find((candidate) => candidate.task === task && isShown(candidate));
      const evaluation = probe?.evaluations.find((candidate) => candidate.on === on) ?? null;
      return {
        layer: layer.name,
        evaluation,
        shuffled: probe?.shuffledNull.interval ?? null,
        note: probe?.note ?? (evaluation ? null : l10n.t('not measured')),
      };
    }),
  }));
};

const valueAt = (point: AccuracyPoint | null): number =>
  point?.evaluation?.accuracy ?? Number.NEGATIVE_INFINITY;

/** The point with the highest score, the earliest of equals; null if no probe was fitted. */
export const bestPoint = (series: AccuracySeries): AccuracyPoint | null =>
  series.points.reduce<AccuracyPoint | null>(
    (best, point) => (valueAt(point) > valueAt(best) ? point : best),
    null,
  );

/** One row per layer, task, method, test set and group (`all` for the whole set), one per shuffled null, and one for the most frequent class, or the mean. */
export const accuracyTable = (analysis: Analysis): Table => ({
  columns: ['layer', 'task', 'method', 'on', 'group', 'accuracy', 'low', 'high', 'samples', 'note', 'R²'],
  rows: analysis.layers.flatMap((layer) =>
    layer.probes.flatMap((probe) => {
      const place = [layer.name, probe.task, probe.method];
      const isAccuracy = probe.score === 'accuracy';
      const numbers = (score: Pick<Evaluation, 'accuracy' | 'interval' | 'samples'>, note: string) => [
        isAccuracy ? score.accuracy : null,
        score.interval?.[0] ?? null,
        score.interval?.[1] ?? null,
        score.samples,
        note,
        isAccuracy ? null : score.accuracy,
      ];
      const fitted = probe.evaluations.flatMap((evaluation) => [
        [...place, evaluation.on, 'all', ...numbers(evaluation, '')],
        ...evaluation.groups.map((group) => [
          ...place,
          evaluation.on,
          group.group,
          ...numbers(group, group.group === evaluation.worstGroup?.group ? 'worst group' : ''),
        ]),
      ]);
      const note = probe.note ?? '';
      const { majority, shuffledNull } = probe;
      const constant = isAccuracy ? 'most frequent class' : 'mean';
      const ofConstant = { accuracy: majority, interval: null, samples: shuffledNull.samples };
      return [
        ...fitted,
        [...place, 'test', 'shuffled labels', ...numbers(shuffledNull, note)],
        ...(majority === null ? [] : [[...place, 'test', constant, ...numbers(ofConstant, '')]]),
      ];
    }),
  ),
});

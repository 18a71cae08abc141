import { isDeepStrictEqual } from 'node:util';
import { type Analysis, inputFault, isUsual, type Probe, type RunRecord } from '../../protocol/index.ts';
import { tQuantile } from '../../statistics/index.ts';
import { withDefaults } from '../../train/index.ts';

/** A run with the analysis that is tabled. */
export interface PaperRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly analysis: Analysis;
}

/** A share and its 95 % interval; null where no run has one. */
export interface PaperCell {
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

export interface PaperColumn {
  readonly task: string;
  readonly quantity: Probe['score'] | 'worst group';
  /** Test samples. */
  readonly samples: number;
}

/** Accuracies, or R², of the usual probe on the test split, layers x tasks. */
export interface PaperTable {
  readonly experiment: string;
  /** Of every run. With several, a cell is their mean, and its interval that of the mean over seeds. */
  readonly seeds: readonly number[];
  readonly method: Analysis['usualMethod'];
  readonly columns: readonly PaperColumn[];
  readonly rows: readonly { readonly layer: string; readonly cells: readonly PaperCell[] }[];
}

/**
 * The table of runs that differ in their seeds only. One run has the intervals of its analysis (Wilson score); several have
 * mean +- t(n - 1) deviation / sqrt(n) over seeds, with Student's t.
 * @throws Fault (input) for runs of different experiments, and for runs without downstream tasks.
 */
export const paperTable = (runs: readonly PaperRun[]): PaperTable => {
  const [first] = runs;
  for (const run of runs) checkAlike(first, run);
  checkSeeds(runs);
  const { analysis } = first;
  const columns = columnsOf(analysis);
  if (columns.length === 0) {
    throw inputFault(
      'has no probe of a downstream task to make a table of',
      first.folder,
      'Add downstream tasks to its experiment file, and inspect it with --experiment',
    );
  }
  return {
    experiment: analysis.experiment,
    seeds: runs.map(({ analysis: { seed } }) => seed),
    method: analysis.usualMethod,
    columns,
    rows: analysis.layers.map(({ name }, layer) => ({
      layer: name,
      cells: columns.map((column) => cellOf(runs.map((run) => scoreOf(run.analysis, layer, column)))),
    })),
  };
};

const checkAlike = (first: PaperRun, other: PaperRun): void => {
  const settings = ({ record: { experiment } }: PaperRun) => ({
    ...withDefaults(experiment),
    seed: 0,
    name: '',
  });
  const questions = ({ analysis }: PaperRun) => [
    analysis.layers.map(({ name }) => name),
    columnsOf(analysis),
    analysis.usualMethod,
  ];
  const remedy = 'Make a table of the runs that differ in their seeds only';
  if (!isDeepStrictEqual(settings(first), settings(other))) {
    throw inputFault(`was trained with another experiment than ${first.folder}`, other.folder, remedy);
  }
  if (!isDeepStrictEqual(questions(first), questions(other))) {
    throw inputFault(
      `was inspected for other layers or tasks than ${first.folder}`,
      other.folder,
      'Inspect both with the same --experiment',
    );
  }
};

/** The same training twice says nothing about other seeds. */
const checkSeeds = (runs: readonly PaperRun[]): void => {
  for (const [at, { folder, record }] of runs.entries()) {
    const same = runs.slice(0, at).find((run) => run.record.seed === record.seed);
    if (same !== undefined) {
      throw inputFault(`has the seed ${record.seed} of ${same.folder}`, folder, 'Give one run of each seed');
    }
  }
};

/** The probes that layers are ranked by unless another is asked for. */
const usualProbes = (analysis: Analysis, layer: number): Probe[] =>
  analysis.layers[layer].probes.filter(({ method }) => isUsual(analysis, method));

const columnsOf = (analysis: Analysis): PaperColumn[] =>
  usualProbes(analysis, analysis.layers.length - 1).flatMap(({ task, score, evaluations }): PaperColumn[] => {
    const test = evaluations.find(({ on }) => on === 'test');
    if (test === undefined) return [];
    const { samples } = test;
    const whole: PaperColumn = { task, quantity: score, samples };
    return test.worstGroup === null ? [whole] : [whole, { task, quantity: 'worst group', samples }];
  });

const scoreOf = (analysis: Analysis, layer: number, { task, quantity }: PaperColumn): PaperCell => {
  const probe = usualProbes(analysis, layer).find((each) => each.task === task);
  const test = probe?.evaluations.find(({ on }) => on === 'test');
  const score = quantity === 'worst group' ? test?.worstGroup : test;
  return { value: score?.accuracy ?? null, interval: score?.interval ?? null };
};

const cellOf = (scores: readonly PaperCell[]): PaperCell => {
  if (scores.length === 1) return scores[0];
  const values = scores.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length < scores.length) return { value: null, interval: null };
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = (tQuantile(0.95, n - 1) * Math.sqrt(squares / (n - 1))) / Math.sqrt(n);
  return { value: mean, interval: [mean - half, mean + half] };
};

import type { Matrix } from '../../spectrum/index.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
  openLogisticFits,
  penalise,
} from './logistic.ts';
import type { LogisticTask, PenalisedColumns } from './logisticProgram.ts';
import { type Predicted, predictAll, predictionsBy, scoresOf } from './logisticScores.ts';
import type { LayerSplits, Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { columnsAt, type Scaling, varyingColumns } from './standardisation.ts';
import type { ProbeTask } from './task.ts';
import { type FitColumns, fitColumns } from './whitening.ts';

/** Ascending. Times 1 / the mean variance of the columns, so that the unit of the representation does not matter. */
const GRID = [0.001, 0.01, 0.1, 1];

/** Used when there is nothing to choose by. */
const USUAL = 1;

/** Many fits, of which only the predictions are used. */
const GRID_FITS: LogisticOptions = { tolerance: 1e-5, maxIterations: 300, precision: 'float32' };
const SHUFFLED_FITS: LogisticOptions = { tolerance: 1e-3, maxIterations: 300, precision: 'float32' };

interface Prepared extends ProbeContext {
  readonly columns: FitColumns;
  readonly validation: Matrix | null;
  readonly tests: readonly Matrix[];
  /** What a C of the grid is multiplied by. */
  readonly unit: number;
}

/** A task at one C. */
interface Tried {
  readonly c: number;
  /** Fitted on the whole training split; undefined: not yet. */
  readonly model?: LogisticModel;
  /** Of the samples that layers are ranked by; null when there are none. */
  readonly ranked: Predicted | null;
  /** How many of them are right, by weight. */
  readonly right: number;
}

/**
 * Logistic regression on columns that `scaling` prepares. C is chosen from a grid by the samples that layers are ranked
 * by: at one C for all layers, wide ones overfit, and would look worse than they are.
 */
export const logisticProbe =
  (scaling: Scaling): ProbeMethodOf =>
  async (splits, tasks, context) => {
    const prepared = await prepare(splits, scaling, context);
    const chosen = new Map<ProbeTask, Tried>();
    const informed = new Map<ProbeTask, Float64Array>();
    for (const task of tasks) {
      if (task.ranking === null) chosen.set(task, { c: USUAL, ranked: null, right: 0 });
    }
    const byC = await tryGrid(
      tasks.filter(({ ranking }) => ranking !== null),
      prepared,
      (task, tried) => {
        const best = chosen.get(task);
        if (best === undefined || tried.right > best.right) chosen.set(task, tried);
        informed.set(task, smaller(informed.get(task), tried.ranked!.losses));
      },
    );
    const predictions = new Map<ProbeTask, Predictions>();
    for (const c of GRID) {
      const those = tasks.filter((task) => chosen.get(task)!.c === c);
      if (those.length === 0) continue;
      const tried = those.map((task) => chosen.get(task)!);
      const reported = await report(those, tried, await byC(c), prepared);
      those.forEach((task, k) => {
        predictions.set(task, { ...reported[k], losses: informed.get(task) ?? null });
      });
    }
    return tasks.map((task) => predictions.get(task)!);
  };

/** The losses with the lower mean: the best C for probabilities is often smaller than the best one for decisions. */
const smaller = (before: Float64Array | undefined, now: Float64Array): Float64Array =>
  before !== undefined && sumOf(before) <= sumOf(now) ? before : now;

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const prepare = async (splits: LayerSplits, scaling: Scaling, context: ProbeContext): Promise<Prepared> => {
  const columnsOf = scaling(splits.train);
  const whole = columnsOf(splits.train);
  const kept = varyingColumns(whole);
  const scale = (split: LayerSplits['train']) => columnsAt(columnsOf(split), kept);
  let squares = 0;
  for (const value of whole.data) squares += value * value;
  return {
    ...context,
    columns: await fitColumns(context.products, columnsAt(whole, kept)),
    validation: splits.validation === null ? null : scale(splits.validation),
    tests: splits.tests.map(scale),
    unit: squares === 0 ? 1 : whole.data.length / squares,
  };
};

/** The columns with the penalty of a C. */
type PenaltyOf = (c: number) => Promise<PenalisedColumns>;

/**
 * The ranked tasks at every C: probes of the whole training split, from those of the C before, and of its folds from
 * those. Says what came out, and gives the columns for further fits.
 */
const tryGrid = async (
  tasks: readonly ProbeTask[],
  prepared: Prepared,
  found: (task: ProbeTask, tried: Tried) => void,
): Promise<PenaltyOf> => {
  const { backend, products, columns, unit, signal } = prepared;
  const penalised = new Map<number, PenalisedColumns>();
  const byC: PenaltyOf = async (c) => {
    const known = penalised.get(c) ?? (await penalise(products, columns, c * unit));
    penalised.set(c, known);
    return known;
  };
  if (tasks.length === 0) return byC;
  const options = { ...GRID_FITS, signal };
  const folds = tasks.map(foldsOf);
  const wholes = openLogisticFits(backend, columns, tasks.map(wholeOf), options);
  const parts = openLogisticFits(backend, columns, folds.flat(), options);
  try {
    let models: LogisticModel[] = [];
    for (const c of GRID) {
      models = await wholes.fit(await byC(c), models);
      const starts = folds.flatMap((own, at) => own.map(() => models[at]));
      const folded = await parts.fit(await byC(c), starts);
      const ranked = await predictRanked(tasks, models, folded, prepared);
      tasks.forEach((task, at) => {
        found(task, {
          c,
          model: models[at],
          ranked: ranked[at],
          right: rightOf(task.ranking!, ranked[at].classes),
        });
      });
    }
    return byC;
  } finally {
    await wholes.dispose();
    await parts.dispose();
  }
};

/** The probe that predicts a sample is that of its fold; without folds, it is that of the whole training split. */
const predictRanked = async (
  tasks: readonly ProbeTask[],
  models: readonly LogisticModel[],
  folded: readonly LogisticModel[],
  { products, columns, validation }: Prepared,
): Promise<Predicted[]> => {
  const ofTrain = await scoresOf(products, columns.centred, folded);
  const ofValidation = validation === null ? null : await scoresOf(products, validation, models);
  let first = 0;
  return tasks.map((task, at) => {
    const ranking = task.ranking!;
    const { labels } = ranking.set;
    if (ranking.on === 'validation') return predictionsBy(ofValidation!, models, () => at, labels);
    const own = first;
    first += ranking.count;
    return predictionsBy(ofTrain, folded, (sample) => own + ranking.folds[sample], labels);
  });
};

const rightOf = ({ set, weights }: NonNullable<ProbeTask['ranking']>, classes: Int32Array): number =>
  classes.reduce((sum, label, i) => (label === set.labels[i] ? sum + (weights?.[i] ?? 1) : sum), 0);

const wholeOf = ({ train, classes }: ProbeTask): LogisticTask => ({ ...train, classes });

/** One fit for each fold, on the others. */
const foldsOf = ({ ranking, train, classes }: ProbeTask): LogisticTask[] =>
  ranking === null || ranking.on === 'validation'
    ? []
    : Array.from({ length: ranking.count }, (_, fold) => ({
        labels: train.labels,
        classes,
        weights: Float64Array.from(ranking.folds, (own, sample) =>
          own === fold ? 0 : (train.weights?.[sample] ?? 1),
        ),
      }));

/** Tasks at their common C: on the test sets, by probes in double precision and by those of shuffled labels. */
const report = async (
  tasks: readonly ProbeTask[],
  tried: readonly Tried[],
  penalised: PenalisedColumns,
  { backend, products, validation, tests, signal }: Prepared,
): Promise<Omit<Predictions, 'losses'>[]> => {
  const models = await fitLogistic(
    backend,
    penalised,
    tasks.map(wholeOf),
    { ...LOGISTIC_DEFAULTS, signal },
    tried.map(({ model }) => model),
  );
  const shuffles = tasks.flatMap((task) =>
    task.shuffles.map((train) => ({ ...train, classes: task.classes })),
  );
  const shuffledModels = await fitLogistic(backend, penalised, shuffles, { ...SHUFFLED_FITS, signal });
  const shuffled = await predictAll(products, tests[0], shuffledModels);
  const bySet: Int32Array[][] = [];
  for (const test of tests) bySet.push(await predictAll(products, test, models));
  const heldOut = validation === null ? [] : await predictAll(products, validation, models);
  return tasks.map(({ ranking, shuffles }, at) => ({
    bySet: bySet.map((predictions) => predictions[at]),
    ranked: ranking?.on === 'validation' ? heldOut[at] : (tried[at].ranked?.classes ?? null),
    shuffled: shuffled.splice(0, shuffles.length),
    c: penalised.c,
    ...(models[at].converged ? {} : { note: `not converged after ${models[at].iterations} iterations` }),
  }));
};

import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
  lossesInBits,
  penalise,
  predictClasses,
} from './logistic.ts';
import type { LogisticTask, PenalisedColumns } from './logisticProgram.ts';
import type { LayerSplits, Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { type Standardisation, standardise } from './standardisation.ts';
import type { ProbeTask } from './task.ts';
import { type FitColumns, fitColumns } from './whitening.ts';

/** Times 1 / the mean variance of the columns, so that the unit of the representation does not matter. */
const GRID = [0.001, 0.01, 0.1, 1];

/** Used when there is nothing to choose by. */
const USUAL = 1;

/** Many fits, of which only the predictions are used. */
const GRID_FITS: LogisticOptions = { tolerance: 1e-5, maxIterations: 300, precision: 'float32' };
const SHUFFLED_FITS: LogisticOptions = { tolerance: 1e-4, maxIterations: 300, precision: 'float32' };

interface Prepared extends ProbeContext {
  readonly columns: FitColumns;
  readonly validation: Matrix | null;
  readonly tests: readonly Matrix[];
  /** What a C of the grid is multiplied by. */
  readonly unit: number;
}

/** A task at one C of the grid. */
interface Tried {
  readonly c: number;
  /** Fitted on the whole training split. */
  readonly model: LogisticModel;
  /** Of the samples that layers are ranked by, and how many are right; null when there are none. */
  readonly ranked: Int32Array | null;
  readonly right: number;
  /** -log2 of the probability of each of their labels. */
  readonly losses: Float64Array | null;
}

/**
 * Logistic regression on columns that `scaling` prepares. C is chosen from a grid by the samples that layers are ranked
 * by: at one C for all layers, wide ones overfit, and would look worse than they are.
 */
export const logisticProbe =
  (scaling: (splits: LayerSplits) => Standardisation): ProbeMethodOf =>
  async (splits, tasks, context) => {
    const prepared = await prepare(splits, scaling(splits), context);
    const penalised = new Map<number, PenalisedColumns>();
    let chosen: Tried[] = [];
    let informed: (Float64Array | null)[] = [];
    let previous: LogisticModel[] = [];
    for (const c of GRID) {
      const columns = await penalise(context.products, prepared.columns, c * prepared.unit);
      const tried = await tryTasks(tasks, c, columns, prepared, previous);
      previous = tried.map(({ model }) => model);
      chosen = tried.map((now, at) => better(chosen[at], now));
      informed = tried.map(({ losses }, at) => smaller(informed[at] ?? null, losses));
      penalised.set(c, columns);
    }
    const predictions: Predictions[] = new Array(tasks.length);
    for (const [c, columns] of penalised) {
      const those = tasks.flatMap((task, at) =>
        chosen[at].c === c ? [{ at, task, tried: chosen[at] }] : [],
      );
      const reported = await report(those, columns, prepared);
      those.forEach(({ at }, k) => {
        predictions[at] = { ...reported[k], losses: informed[at] };
      });
    }
    return predictions;
  };

const better = (before: Tried | undefined, now: Tried): Tried => {
  if (before === undefined) return now;
  if (now.ranked === null) return now.c === USUAL ? now : before;
  return now.right > before.right ? now : before;
};

/** The losses with the lower mean: the best C for probabilities is often smaller than the best one for decisions. */
const smaller = (before: Float64Array | null, now: Float64Array | null): Float64Array | null => {
  if (before === null || now === null) return now ?? before;
  return sumOf(now) < sumOf(before) ? now : before;
};

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const prepare = async (
  splits: LayerSplits,
  standardisation: Standardisation,
  context: ProbeContext,
): Promise<Prepared> => {
  const whole = standardise(splits.train, standardisation);
  const kept = varyingColumns(whole);
  const scale = (split: LayerSplits['train']) => columnsAt(standardise(split, standardisation), kept);
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

/** The columns of centred samples that are not 0 throughout; all when none is. A penalised fit gives the others no weight. */
const varyingColumns = ({ rows, columns, data }: Matrix): number[] => {
  const varies = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) if (data[i * columns + j] !== 0) varies[j] = 1;
  }
  const all = Array.from({ length: columns }, (_, j) => j);
  const kept = all.filter((j) => varies[j] === 1);
  return kept.length === 0 ? all : kept;
};

const columnsAt = (a: Matrix, kept: readonly number[]): Matrix => {
  if (kept.length === a.columns) return a;
  const chosen = matrix(a.rows, kept.length);
  for (let i = 0; i < a.rows; i++) {
    for (let at = 0; at < kept.length; at++) {
      chosen.data[i * kept.length + at] = a.data[i * a.columns + kept[at]];
    }
  }
  return chosen;
};

/** The tasks at one C: probes of the whole training split, from those of another C, and of its folds from those. */
const tryTasks = async (
  tasks: readonly ProbeTask[],
  c: number,
  penalised: PenalisedColumns,
  { backend, products, columns, validation, signal }: Prepared,
  starts: readonly LogisticModel[],
): Promise<Tried[]> => {
  const options = { ...GRID_FITS, signal };
  const models = await fitLogistic(backend, penalised, tasks.map(wholeOf), options, starts);
  const folds = tasks.map(foldsOf);
  const foldStarts = folds.flatMap((own, at) => own.map(() => models[at]));
  const folded = await fitLogistic(backend, penalised, folds.flat(), options, foldStarts);
  const ofTrain = await scoresOf(products, columns.centred, folded);
  const ofValidation = validation === null ? null : await scoresOf(products, validation, models);
  let fold = 0;
  return tasks.map(({ ranking }, at) => {
    const first = fold;
    fold += folds[at].length;
    if (ranking === null) return { c, model: models[at], ranked: null, right: 0, losses: null };
    const { labels } = ranking.set;
    // The probe that predicts a sample is that of its fold.
    const predicted =
      ranking.on === 'validation'
        ? predictionsOf(ofValidation!, models, at, labels)
        : ofItsFold(
            folds[at].map((_, k) => predictionsOf(ofTrain, folded, first + k, labels)),
            ranking.folds,
          );
    const right = predicted.classes.reduce((sum, label, i) => sum + Number(label === labels[i]), 0);
    return { c, model: models[at], ranked: predicted.classes, right, losses: predicted.losses };
  });
};

/** What one model says of every sample, and what that costs. */
interface Predicted {
  readonly classes: Int32Array;
  readonly losses: Float64Array;
}

const predictionsOf = (
  { scores, starts }: Scores,
  models: readonly LogisticModel[],
  k: number,
  labels: Int32Array,
): Predicted => ({
  classes: predictClasses(scores, models[k].intercept, starts[k]),
  losses: lossesInBits(scores, models[k], labels, starts[k]),
});

const ofItsFold = (byFold: readonly Predicted[], folds: Int32Array): Predicted => ({
  classes: Int32Array.from(folds, (fold, sample) => byFold[fold].classes[sample]),
  losses: Float64Array.from(folds, (fold, sample) => byFold[fold].losses[sample]),
});

const wholeOf = ({ trainLabels, classes }: ProbeTask): LogisticTask => ({
  labels: trainLabels,
  classes,
  fitted: null,
});

/** One fit for each fold, on the others. */
const foldsOf = ({ ranking, trainLabels, classes }: ProbeTask): LogisticTask[] =>
  ranking === null || ranking.on === 'validation'
    ? []
    : Array.from({ length: ranking.count }, (_, fold) => ({
        labels: trainLabels,
        classes,
        fitted: Uint8Array.from(ranking.folds, (own) => Number(own !== fold)),
      }));

/** Tasks at their common C: on the test sets, by probes in double precision and by those of shuffled labels. */
const report = async (
  those: readonly { readonly task: ProbeTask; readonly tried: Tried }[],
  penalised: PenalisedColumns,
  { backend, products, validation, tests, signal }: Prepared,
): Promise<Omit<Predictions, 'losses'>[]> => {
  if (those.length === 0) return [];
  const models = await fitLogistic(
    backend,
    penalised,
    those.map(({ task }) => wholeOf(task)),
    { ...LOGISTIC_DEFAULTS, signal },
    those.map(({ tried }) => tried.model),
  );
  const shuffles = those.flatMap(({ task }) =>
    task.shuffledLabels.map((labels) => ({ ...wholeOf(task), labels })),
  );
  const shuffledModels = await fitLogistic(backend, penalised, shuffles, { ...SHUFFLED_FITS, signal });
  const shuffled = await predictAll(products, tests[0], shuffledModels);
  const bySet: Int32Array[][] = [];
  for (const test of tests) bySet.push(await predictAll(products, test, models));
  const heldOut = validation === null ? [] : await predictAll(products, validation, models);
  return those.map(({ task, tried }, at) => ({
    bySet: bySet.map((predictions) => predictions[at]),
    ranked: task.ranking?.on === 'validation' ? heldOut[at] : tried.ranked,
    shuffled: shuffled.splice(0, task.shuffledLabels.length),
    c: penalised.c,
    ...(models[at].converged ? {} : { note: `not converged after ${models[at].iterations} iterations` }),
  }));
};

/** The logits of several models for one set, without their intercepts; each has its columns from its start on. */
interface Scores {
  readonly scores: Matrix;
  readonly starts: readonly number[];
}

/** The logits of all models are one product. */
const scoresOf = async (
  products: Products,
  set: Matrix,
  models: readonly LogisticModel[],
): Promise<Scores> => {
  const starts: number[] = [];
  let total = 0;
  for (const { weights } of models) {
    starts.push(total);
    total += weights.columns;
  }
  if (total === 0) return { scores: matrix(set.rows, 0), starts };
  const all = matrix(set.columns, total);
  models.forEach(({ weights }, k) => {
    for (let j = 0; j < set.columns; j++) all.data.set(rowOf(weights, j), j * total + starts[k]);
  });
  return { scores: await products.times(set, all), starts };
};

/** What each model predicts of a set. */
const predictAll = async (
  products: Products,
  set: Matrix,
  models: readonly LogisticModel[],
): Promise<Int32Array[]> => {
  const { scores, starts } = await scoresOf(products, set, models);
  return models.map(({ intercept }, k) => predictClasses(scores, intercept, starts[k]));
};

import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
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
    let previous: LogisticModel[] = [];
    for (const c of GRID) {
      const columns = await penalise(context.products, prepared.columns, c * prepared.unit);
      const tried = await tryTasks(tasks, c, columns, prepared, previous);
      previous = tried.map(({ model }) => model);
      chosen = tried.map((now, at) => better(chosen[at], now));
      penalised.set(c, columns);
    }
    const predictions: Predictions[] = new Array(tasks.length);
    for (const [c, columns] of penalised) {
      const those = tasks.flatMap((task, at) =>
        chosen[at].c === c ? [{ at, task, tried: chosen[at] }] : [],
      );
      const reported = await report(those, columns, prepared);
      those.forEach(({ at }, k) => {
        predictions[at] = reported[k];
      });
    }
    return predictions;
  };

const better = (before: Tried | undefined, now: Tried): Tried => {
  if (before === undefined) return now;
  if (now.ranked === null) return now.c === USUAL ? now : before;
  return now.right > before.right ? now : before;
};

const prepare = async (
  splits: LayerSplits,
  standardisation: Standardisation,
  context: ProbeContext,
): Promise<Prepared> => {
  const scale = (split: LayerSplits['train']) => standardise(split, standardisation);
  const train = scale(splits.train);
  let squares = 0;
  for (const value of train.data) squares += value * value;
  return {
    ...context,
    columns: await fitColumns(context.products, train),
    validation: splits.validation === null ? null : scale(splits.validation),
    tests: splits.tests.map(scale),
    unit: squares === 0 ? 1 : train.data.length / squares,
  };
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
  const ofTrain = await predictAll(products, columns.centred, folded);
  const tried: Tried[] = [];
  for (const [at, { ranking }] of tasks.entries()) {
    const byFold = ofTrain.splice(0, folds[at].length);
    const ranked =
      ranking?.on === 'validation'
        ? (await predictAll(products, validation!, [models[at]]))[0]
        : (ranking?.folds.map((fold, sample) => byFold[fold][sample]) ?? null);
    const labels = ranking?.set.labels;
    const right = ranked?.reduce((sum, label, i) => sum + Number(label === labels![i]), 0) ?? 0;
    tried.push({ c, model: models[at], ranked, right });
  }
  return tried;
};

const wholeOf = ({ trainLabels, classes }: ProbeTask): LogisticTask => ({
  labels: trainLabels,
  classes,
  fitted: null,
});

/** One fit for each fold, on the others. */
const foldsOf = ({ ranking, trainLabels, classes }: ProbeTask): LogisticTask[] =>
  ranking?.on !== 'train'
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
): Promise<Predictions[]> => {
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

/** What each model predicts of a set: the logits of all of them are one product. */
const predictAll = async (
  products: Products,
  set: Matrix,
  models: readonly LogisticModel[],
): Promise<Int32Array[]> => {
  if (models.length === 0) return [];
  const starts: number[] = [];
  let total = 0;
  for (const { weights } of models) {
    starts.push(total);
    total += weights.columns;
  }
  const all = matrix(set.columns, total);
  models.forEach(({ weights }, k) => {
    for (let j = 0; j < set.columns; j++) all.data.set(rowOf(weights, j), j * total + starts[k]);
  });
  const scores = await products.times(set, all);
  return models.map(({ intercept }, k) => predictClasses(scores, intercept, starts[k]));
};

import type { Matrix } from '../../spectrum/index.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
  penalise,
} from './logistic.ts';
import type { LogisticTask, PenalisedColumns } from './logisticProgram.ts';
import { ofItsFold, predictAll, predictionsOf, scoresOf } from './logisticScores.ts';
import type { LayerSplits, Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { columnsAt, type Standardisation, standardise, varyingColumns } from './standardisation.ts';
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

import type { Matrix } from '../../spectrum/index.ts';
import { type FitTask, foldsOf, shufflesOf, wholeOf } from './fitTasks.ts';
import {
  fitLogistic,
  LOGISTIC_DEFAULTS,
  type LogisticModel,
  type LogisticOptions,
  openLogisticFits,
  penalties,
} from './logistic.ts';
import type { PenalisedColumns } from './logisticProgram.ts';
import { type Predicted, predictAll, predictionsBy, scoresOf } from './logisticScores.ts';
import { lowestLosses, mostAccurate } from './penaltyChoice.ts';
import type { LayerSplits, Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { type RowSpace, rowSpaceOf } from './rowSpace.ts';
import { type Scaling, scaledSplits } from './standardisation.ts';
import type { ProbeTask } from './task.ts';
import { type FitColumns, fitColumns } from './whitening.ts';

/** Ascending. Times 1 / the mean variance of the columns, so that the unit of the representation does not matter. */
const GRID = [0.001, 0.01, 0.1, 1];

/** Used when there is nothing to choose by. */
const USUAL = 1;

/** Many fits, which only choose C and begin the fits that are reported. */
const GRID_FITS: LogisticOptions = { tolerance: 1e-5, maxIterations: 300, precision: 'float32' };
const SHUFFLED_FITS: LogisticOptions = { tolerance: 1e-3, maxIterations: 300, precision: 'float32' };

interface Prepared extends ProbeContext {
  readonly columns: FitColumns;
  readonly validation: Matrix | null;
  readonly tests: readonly Matrix[];
  /** What a C of the grid is multiplied by. */
  readonly unit: number;
  /** The columns of the layer that these are, or of whose rows these are coordinates. */
  readonly kept: readonly number[];
  readonly rowSpace: RowSpace | null;
}

/** A ranked task at one C. */
interface Tried {
  readonly c: number;
  /** Fitted on the whole training split. */
  readonly model: LogisticModel;
  /** Fitted without each fold; none for a task that is not ranked by folds. */
  readonly folded: readonly LogisticModel[];
  readonly ranked: Predicted;
}

/** The penalty of a task; only C when there are no samples to choose by. */
type Chosen = Pick<Tried, 'c'> & Partial<Tried>;

/**
 * Logistic regression on columns that `scaling` prepares. C is chosen from a grid by the samples that layers are ranked
 * by: at one C for all layers, wide ones overfit, and would look worse than they are.
 */
export const logisticProbe =
  (scaling: Scaling): ProbeMethodOf =>
  async (splits, tasks, context) => {
    const prepared = await prepare(splits, scaling, context);
    const [chosen, byC] = await chooseEach(tasks, prepared);
    const predictions = new Map<ProbeTask, Predictions>();
    for (const c of GRID) {
      const those = tasks.filter((task) => chosen.get(task)!.c === c);
      if (those.length === 0) continue;
      const best = those.map((task) => chosen.get(task)!);
      const reported = await report(those, best, await byC(c), prepared);
      those.forEach((task, k) => {
        predictions.set(task, reported[k]);
      });
    }
    return tasks.map((task) => predictions.get(task)!);
  };

/** The probe of a task that is fitted on the whole training split, at the C that its ranked samples choose. */
export interface ChosenLogistic {
  readonly model: LogisticModel;
  readonly c: number;
  /** The columns that vary in training, which the model is about. */
  readonly kept: readonly number[];
}

/** What `logisticProbe` reports on, to be kept. */
export const chosenLogistic = async (
  splits: LayerSplits,
  task: ProbeTask,
  scaling: Scaling,
  context: ProbeContext,
): Promise<ChosenLogistic> => {
  const prepared = await prepare(splits, scaling, context);
  const [chosen, byC] = await chooseEach([task], prepared);
  const { c, model: start } = chosen.get(task)!;
  const penalised = await byC(c);
  const options = { ...LOGISTIC_DEFAULTS, signal: context.signal };
  const [model] = await fitLogistic(context.backend, penalised, [wholeOf(task)], options, [start]);
  const { kept, rowSpace } = prepared;
  const weights = rowSpace === null ? model.weights : await rowSpace.weightsOf(model.weights);
  return { model: { ...model, weights }, c: penalised.c, kept };
};

const prepare = async (splits: LayerSplits, scaling: Scaling, context: ProbeContext): Promise<Prepared> => {
  const { train, ...scaled } = scaledSplits(splits, scaling);
  const { products } = context;
  const rowSpace = await rowSpaceOf(products, train);
  if (rowSpace === null) {
    return { ...context, ...scaled, rowSpace, columns: await fitColumns(products, train) };
  }
  const { coordinatesOf } = rowSpace;
  const tests: Matrix[] = [];
  for (const test of scaled.tests) tests.push(await coordinatesOf(test));
  return {
    ...context,
    ...scaled,
    rowSpace,
    columns: await fitColumns(products, await coordinatesOf(train)),
    validation: scaled.validation && (await coordinatesOf(scaled.validation)),
    tests,
  };
};

/** The columns with the penalty of a C. */
type PenaltyOf = (c: number) => Promise<PenalisedColumns>;

/** The penalty of every task, and the columns for fits with it. */
const chooseEach = async (
  tasks: readonly ProbeTask[],
  prepared: Prepared,
): Promise<[chosen: ReadonlyMap<ProbeTask, Chosen>, byC: PenaltyOf]> => {
  const chosen = new Map<ProbeTask, Chosen>(tasks.map((task) => [task, { c: USUAL }]));
  const best = new Map<ProbeTask, Tried>();
  const ranked = tasks.filter(({ ranking }) => ranking !== null);
  const byC = await tryGrid(ranked, prepared, (task, one) => {
    const before = best.get(task);
    best.set(task, before === undefined ? one : betterOf(task, before, one));
  });
  for (const [task, own] of best) chosen.set(task, own);
  return [chosen, byC];
};

/** The more accurate one, with the lower losses of both. Only one is kept: the models of a wide layer's folds are large. */
const betterOf = ({ ranking }: ProbeTask, before: Tried, now: Tried): Tried => {
  const best = mostAccurate(ranking, [before, now]);
  return { ...best, ranked: { ...best.ranked, losses: lowestLosses([before, now]) } };
};

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
  const penaltyOf = penalties(products, columns);
  const byC: PenaltyOf = (c) => penaltyOf(c * unit);
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
      const folded = byTask(await parts.fit(await byC(c), starts), folds);
      const ranked = await predictRanked(tasks, models, folded, prepared);
      tasks.forEach((task, at) => {
        found(task, { c, model: models[at], folded: folded[at], ranked: ranked[at]! });
      });
    }
    return byC;
  } finally {
    await wholes.dispose();
    await parts.dispose();
  }
};

/** The fits of all folds of all tasks, as those of each task. */
const byTask = (
  models: readonly LogisticModel[],
  folds: readonly (readonly FitTask[])[],
): (readonly LogisticModel[])[] => {
  let next = 0;
  return folds.map(({ length }) => {
    next += length;
    return models.slice(next - length, next);
  });
};

/**
 * The probe that predicts a sample is that of its fold; without folds, it is that of the whole training split. Null for
 * a task that is not ranked.
 */
const predictRanked = async (
  tasks: readonly ProbeTask[],
  models: readonly LogisticModel[],
  folded: readonly (readonly LogisticModel[])[],
  { products, columns, validation }: Prepared,
): Promise<(Predicted | null)[]> => {
  const parts = folded.flat();
  const ofTrain = await scoresOf(products, columns.centred, parts);
  const ofValidation = validation === null ? null : await scoresOf(products, validation, models);
  let next = 0;
  return tasks.map(({ ranking }, at) => {
    const first = next;
    next += folded[at].length;
    if (ranking === null) return null;
    const { labels } = ranking.set;
    return ranking.on === 'validation'
      ? predictionsBy(ofValidation!, models, () => at, labels)
      : predictionsBy(ofTrain, parts, (sample) => first + ranking.folds[sample], labels);
  });
};

/**
 * Tasks at their common C, by probes in double precision: on the test sets, on the samples that layers are ranked by, and
 * by probes of shuffled labels.
 */
const report = async (
  tasks: readonly ProbeTask[],
  chosen: readonly Chosen[],
  penalised: PenalisedColumns,
  prepared: Prepared,
): Promise<Predictions[]> => {
  const { backend, products, tests, signal } = prepared;
  const options = { ...LOGISTIC_DEFAULTS, signal };
  const starts = chosen.map(({ model }) => model);
  const models = await fitLogistic(backend, penalised, tasks.map(wholeOf), options, starts);
  const folds = tasks.map(foldsOf);
  const partStarts = chosen.flatMap(({ folded }) => folded ?? []);
  const folded = byTask(await fitLogistic(backend, penalised, folds.flat(), options, partStarts), folds);
  const ranked = await predictRanked(tasks, models, folded, prepared);
  const shuffles = tasks.flatMap(shufflesOf);
  const shuffledModels = await fitLogistic(backend, penalised, shuffles, { ...SHUFFLED_FITS, signal });
  const shuffled = await predictAll(products, tests[0], shuffledModels);
  const bySet: Int32Array[][] = [];
  for (const test of tests) bySet.push(await predictAll(products, test, models));
  return tasks.map(({ shuffles }, at) => ({
    bySet: bySet.map((predictions) => predictions[at]),
    ranked: ranked[at]?.classes ?? null,
    losses: chosen[at].ranked?.losses ?? null,
    shuffled: shuffled.splice(0, shuffles.length),
    c: penalised.c,
    ...(models[at].converged ? {} : { note: `not converged after ${models[at].iterations} iterations` }),
  }));
};

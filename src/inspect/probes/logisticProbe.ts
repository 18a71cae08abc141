import type { Matrix } from '../../spectrum/index.ts';
import { foldsOf, shufflesOf, wholeOf } from './fitTasks.ts';
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
import { type Scaling, scaledSplits } from './standardisation.ts';
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
  /** The columns of the layer that these are. */
  readonly kept: readonly number[];
}

/** A ranked task at one C. */
interface Tried {
  readonly c: number;
  /** Fitted on the whole training split. */
  readonly model: LogisticModel;
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
    const tried = new Map<ProbeTask, Tried[]>();
    const byC = await tryGrid(
      tasks.filter(({ ranking }) => ranking !== null),
      prepared,
      (task, one) => tried.set(task, [...(tried.get(task) ?? []), one]),
    );
    const chosen = new Map<ProbeTask, Chosen>(
      tasks.map((task) => {
        const own = tried.get(task);
        return [task, own === undefined ? { c: USUAL } : mostAccurate(task.ranking, own)];
      }),
    );
    const predictions = new Map<ProbeTask, Predictions>();
    for (const c of GRID) {
      const those = tasks.filter((task) => chosen.get(task)!.c === c);
      if (those.length === 0) continue;
      const best = those.map((task) => chosen.get(task)!);
      const reported = await report(those, best, await byC(c), prepared);
      those.forEach((task, k) => {
        const own = tried.get(task);
        predictions.set(task, { ...reported[k], losses: own === undefined ? null : lowestLosses(own) });
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
  const tried: Tried[] = [];
  const byC = await tryGrid(task.ranking === null ? [] : [task], prepared, (_, one) => tried.push(one));
  const chosen: Chosen = tried.length === 0 ? { c: USUAL } : mostAccurate(task.ranking, tried);
  const penalised = await byC(chosen.c);
  const options = { ...LOGISTIC_DEFAULTS, signal: context.signal };
  const [model] = await fitLogistic(context.backend, penalised, [wholeOf(task)], options, [chosen.model]);
  return { model, c: penalised.c, kept: prepared.kept };
};

const prepare = async (splits: LayerSplits, scaling: Scaling, context: ProbeContext): Promise<Prepared> => {
  const { train, ...scaled } = scaledSplits(splits, scaling);
  return { ...context, ...scaled, columns: await fitColumns(context.products, train) };
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
      const folded = await parts.fit(await byC(c), starts);
      const ranked = await predictRanked(tasks, models, folded, prepared);
      tasks.forEach((task, at) => {
        found(task, { c, model: models[at], ranked: ranked[at] });
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

/** Tasks at their common C: on the test sets, by probes in double precision and by those of shuffled labels. */
const report = async (
  tasks: readonly ProbeTask[],
  chosen: readonly Chosen[],
  penalised: PenalisedColumns,
  { backend, products, validation, tests, signal }: Prepared,
): Promise<Omit<Predictions, 'losses'>[]> => {
  const models = await fitLogistic(
    backend,
    penalised,
    tasks.map(wholeOf),
    { ...LOGISTIC_DEFAULTS, signal },
    chosen.map(({ model }) => model),
  );
  const shuffles = tasks.flatMap(shufflesOf);
  const shuffledModels = await fitLogistic(backend, penalised, shuffles, { ...SHUFFLED_FITS, signal });
  const shuffled = await predictAll(products, tests[0], shuffledModels);
  const bySet: Int32Array[][] = [];
  for (const test of tests) bySet.push(await predictAll(products, test, models));
  const heldOut = validation === null ? [] : await predictAll(products, validation, models);
  return tasks.map(({ ranking, shuffles }, at) => ({
    bySet: bySet.map((predictions) => predictions[at]),
    ranked: ranking?.on === 'validation' ? heldOut[at] : (chosen[at].ranked?.classes ?? null),
    shuffled: shuffled.splice(0, shuffles.length),
    c: penalised.c,
    ...(models[at].converged ? {} : { note: `not converged after ${models[at].iterations} iterations` }),
  }));
};

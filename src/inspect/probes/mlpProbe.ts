import type { Matrix } from '../../spectrum/index.ts';
import { type FitTask, foldsOf, shufflesOf, wholeOf } from './fitTasks.ts';
import { penalties } from './logistic.ts';
import type { PenalisedColumns } from './logisticProgram.ts';
import { classesBy, type Predicted, predictionsBy } from './logisticScores.ts';
import { heStart, type MlpFits, type MlpModel, type MlpOptions, mlpScores, openMlpFits } from './mlp.ts';
import { lowestLosses, mostAccurate } from './penaltyChoice.ts';
import type { Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { scaledSplits, standardised } from './standardisation.ts';
import type { ProbeTask } from './task.ts';
import { type FitColumns, fitColumns } from './whitening.ts';

/** Ascending. */
const GRID = [0.01, 0.1, 1];

/** Used when there is nothing to choose by. */
const USUAL = 0.1;

/**
 * Fits end early, those for the test sets as those that layers are ranked by. Of the layers of the demo that were tried,
 * 20 iterations read as much as 100 at `encoder.pool`, and 3 points less of the clothes at `encoder.conv1`.
 */
const FITS: MlpOptions = { tolerance: 1e-3, maxIterations: 30 };

/** Only their accuracy is used, which is about that of chance however long they run. */
const SHUFFLED_FITS: MlpOptions = { tolerance: 1e-2, maxIterations: 8 };

/** As many times the iterations for columns that are too many to whiten: the same layers then take about 60 to 100. */
const UNWHITENED = 3;

interface Prepared extends ProbeContext {
  readonly columns: FitColumns;
  readonly validation: Matrix | null;
  readonly tests: readonly Matrix[];
  readonly fits: MlpFits;
  readonly penaltyOf: (c: number) => Promise<PenalisedColumns>;
}

/** A ranked task at one C; the model of the whole training split where that has predicted the ranked samples. */
interface Tried {
  readonly c: number;
  readonly model?: MlpModel;
  readonly ranked: Predicted;
}

/**
 * A perceptron with one hidden layer of 64 ReLU units on standardised columns, which reads what a linear probe cannot. C is
 * chosen from a grid by the samples that layers are ranked by, as for logistic probes. Every fit of a task starts at the
 * same seeded weights: unlike a convex fit, one that began at a fit of all samples would remember those that are left out.
 */
export const mlpProbe: ProbeMethodOf = async (splits, tasks, context) => {
  const { backend, products } = context;
  const { train, validation, tests } = scaledSplits(splits, standardised);
  const columns = await fitColumns(products, train);
  const fits = openMlpFits(backend, columns);
  const prepared: Prepared = {
    ...context,
    columns,
    validation,
    tests,
    fits,
    penaltyOf: penalties(products, columns),
  };
  try {
    const predictions: Predictions[] = [];
    for (const task of tasks) predictions.push(await probe(task, prepared));
    return predictions;
  } finally {
    await fits.dispose();
  }
};

const probe = async (task: ProbeTask, prepared: Prepared): Promise<Predictions> => {
  const tried: Tried[] = [];
  if (task.ranking !== null) for (const c of GRID) tried.push(await rankAt(task, c, prepared));
  const chosen = tried.length === 0 ? null : mostAccurate(task.ranking, tried);
  const c = chosen?.c ?? USUAL;
  const model = chosen?.model ?? (await fitAll([wholeOf(task)], c, FITS, task, prepared))[0];
  const shuffled = await fitAll(shufflesOf(task), c, SHUFFLED_FITS, task, prepared);
  const { products, tests } = prepared;
  const bySet: Int32Array[] = [];
  for (const test of tests) bySet.push(classesBy(await mlpScores(products, test, [model]), [model])[0]);
  return {
    bySet,
    ranked: chosen?.ranked.classes ?? null,
    losses: chosen === null ? null : lowestLosses(tried),
    shuffled: classesBy(await mlpScores(products, tests[0], shuffled), shuffled),
    c,
  };
};

/** The probe that predicts a sample is that of its fold; without folds, it is that of the whole training split. */
const rankAt = async (task: ProbeTask, c: number, prepared: Prepared): Promise<Tried> => {
  const { products, columns, validation } = prepared;
  const ranking = task.ranking!;
  const { labels } = ranking.set;
  if (ranking.on === 'validation') {
    const models = await fitAll([wholeOf(task)], c, FITS, task, prepared);
    const scores = await mlpScores(products, validation!, models);
    return { c, model: models[0], ranked: predictionsBy(scores, models, () => 0, labels) };
  }
  const models = await fitAll(foldsOf(task), c, FITS, task, prepared);
  const scores = await mlpScores(products, columns.centred, models);
  return { c, ranked: predictionsBy(scores, models, (sample) => ranking.folds[sample], labels) };
};

const fitAll = async (
  fitted: readonly FitTask[],
  c: number,
  options: MlpOptions,
  { classes, seed }: ProbeTask,
  { fits, columns, penaltyOf, signal }: Prepared,
): Promise<MlpModel[]> => {
  const start = heStart(columns.centred.columns, classes, seed);
  const penalised = await penaltyOf(c);
  const isWhite = penalised.whitening.inverse.columns === columns.centred.columns;
  const maxIterations = options.maxIterations * (isWhite ? 1 : UNWHITENED);
  return fits.fit(penalised, fitted, start, { ...options, maxIterations, signal });
};

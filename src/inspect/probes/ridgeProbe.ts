import {
  type Evaluation,
  type OutOfFold,
  type Probe,
  packParts,
  type RegressionMethod,
} from '../../protocol/index.ts';
import { type Matrix, matrix, matrixOfRows, rowOf, transpose } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { nullOf } from './accuracy.ts';
import type { LayerSplits, ProbeContext } from './predictions.ts';
import type { RegressionTask } from './regressionTask.ts';
import { fitRidge, predictValues } from './ridge.ts';
import { type Determination, rSquaredOf } from './rSquared.ts';
import { asTheyAre, type ScaledSplits, type Scaling, scaledSplits, standardised } from './standardisation.ts';

const SCALINGS: Readonly<Record<RegressionMethod, Scaling>> = {
  'ridge-standardised': standardised,
  'ridge-raw': asTheyAre,
};

/** Descending. Times the samples and the mean variance of the columns, so that neither matters. */
const GRID = [1, 0.1, 0.01, 0.001, 0.0001];

/** Used when there is nothing to choose by. */
const USUAL = 0.01;

/**
 * Ridge regression of continuous factors on the columns of a layer, scored by R^2. Alpha is the one of a grid with the
 * smallest squared error out of fold, the largest of equals. A probe that cannot be fitted has the reason.
 */
export const probeValues = async (
  method: RegressionMethod,
  splits: LayerSplits,
  tasks: readonly RegressionTask[],
  { products, signal }: ProbeContext,
): Promise<Probe[]> => {
  const probes: Probe[] = [];
  if (tasks.length === 0) return probes;
  const scaled = scaledSplits(splits, SCALINGS[method]);
  for (const task of tasks) {
    signal?.throwIfAborted();
    try {
      probes.push(await probeTask(method, scaled, task, products));
    } catch (error) {
      if (signal?.aborted) throw error;
      probes.push(unfitted(method, task, error instanceof Error ? error.message : String(error)));
    }
  }
  return probes;
};

const headOf = (method: RegressionMethod, { name, factor, train }: RegressionTask) => ({
  task: name,
  factor,
  classes: null,
  method,
  score: 'R²' as const,
  trainSamples: train.length,
  c: null,
});

const unfitted = (method: RegressionMethod, task: RegressionTask, note: string): Probe => ({
  ...headOf(method, task),
  evaluations: [],
  outOfFold: null,
  shuffledNull: { accuracy: null, interval: null, samples: 0 },
  majority: null,
  note,
});

const probeTask = async (
  method: RegressionMethod,
  { train, tests, unit }: ScaledSplits,
  task: RegressionTask,
  products: Products,
): Promise<Probe> => {
  if (task.train.every((value) => value === task.train[0])) {
    return unfitted(method, task, 'the factor has a single value in the training split');
  }
  const alphas = GRID.map((share) => (share * train.rows) / unit);
  const ranked = await predictFolds(products, train, task, alphas);
  const chosen = ranked === null ? GRID.indexOf(USUAL) : closestTo(task.train, ranked);
  const targets = transpose(matrixOfRows([task.train, ...task.shuffles]));
  const [model] = await fitRidge(products, train, targets, [alphas[chosen]]);
  const predicted: Matrix[] = [];
  for (const test of tests) predicted.push(await predictValues(products, test, model));
  const values = task.sets.at(0)?.values ?? new Float64Array(0);
  const shuffled = task.shuffles.flatMap(
    (_, draw) => rSquaredOf(values, columnOf(predicted[0], draw + 1)).accuracy ?? [],
  );
  return {
    ...headOf(method, task),
    evaluations: task.sets.map((set, at) =>
      evaluationOf(set.name, rSquaredOf(set.values, columnOf(predicted[at], 0))),
    ),
    outOfFold: ranked && outOfFoldOf(task, ranked[chosen]),
    alpha: alphas[chosen],
    shuffledNull: nullOf(shuffled, values.length, Number.NEGATIVE_INFINITY),
    majority: rSquaredOf(values, new Float64Array(values.length).fill(meanOf(task.train))).accuracy,
  };
};

/** Every training sample by the probe of the other folds, at each alpha; null without folds. */
const predictFolds = async (
  products: Products,
  train: Matrix,
  { train: values, ranking }: RegressionTask,
  alphas: readonly number[],
): Promise<Float64Array[] | null> => {
  if (ranking === null) return null;
  const predicted = alphas.map(() => new Float64Array(train.rows));
  const all = Array.from({ length: train.rows }, (_, sample) => sample);
  for (let fold = 0; fold < ranking.count; fold++) {
    const others = all.filter((sample) => ranking.folds[sample] !== fold);
    const own = all.filter((sample) => ranking.folds[sample] === fold);
    const targets = matrix(
      others.length,
      1,
      Float64Array.from(others, (sample) => values[sample]),
    );
    const models = await fitRidge(products, rowsAt(train, others), targets, alphas);
    const left = rowsAt(train, own);
    for (const [at, model] of models.entries()) {
      const { data } = await predictValues(products, left, model);
      own.forEach((sample, i) => {
        predicted[at][sample] = data[i];
      });
    }
  }
  return predicted;
};

const rowsAt = (samples: Matrix, chosen: readonly number[]): Matrix => {
  const rows = matrix(chosen.length, samples.columns);
  chosen.forEach((sample, i) => {
    rowOf(rows, i).set(rowOf(samples, sample));
  });
  return rows;
};

const columnOf = ({ rows, columns, data }: Matrix, column: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + column]);

/** The first prediction with the smallest squared error. */
const closestTo = (values: Float64Array, predicted: readonly Float64Array[]): number => {
  const misses = predicted.map((own) => own.reduce((sum, value, i) => sum + (value - values[i]) ** 2, 0));
  return misses.indexOf(misses.reduce((least, miss) => Math.min(least, miss)));
};

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const evaluationOf = (on: string, { outcomes, ...score }: Determination): Evaluation => ({
  on,
  ...score,
  outcomes: score.accuracy === null ? null : packParts(outcomes),
  groups: [],
  worstGroup: null,
  trainWeightedAccuracy: null,
});

const outOfFoldOf = ({ train, ranking }: RegressionTask, predicted: Float64Array): OutOfFold => {
  const { on, count } = ranking!;
  return { ...evaluationOf(on, rSquaredOf(train, predicted)), on, folds: count };
};

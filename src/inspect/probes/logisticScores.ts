import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type LogisticModel, lossInBits, predictClass } from './logistic.ts';

type Intercepts = Pick<LogisticModel, 'intercept'>;

/** The logits of several models for one set, without their intercepts; each has its columns from its start on. */
export interface Scores {
  readonly scores: Matrix;
  readonly starts: readonly number[];
}

/** The logits of all models are one product. */
export const scoresOf = async (
  products: Products,
  set: Matrix,
  models: readonly Pick<LogisticModel, 'weights'>[],
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
export const predictAll = async (
  products: Products,
  set: Matrix,
  models: readonly LogisticModel[],
): Promise<Int32Array[]> => classesBy(await scoresOf(products, set, models), models);

/** The most probable class of every sample by each model. */
export const classesBy = ({ scores, starts }: Scores, models: readonly Intercepts[]): Int32Array[] =>
  models.map(({ intercept }, k) => {
    const classes = new Int32Array(scores.rows);
    for (let i = 0; i < scores.rows; i++) classes[i] = predictClass(scores, i, intercept, starts[k]);
    return classes;
  });

/** What is said of every sample, and what that costs: -log2 of the probability of its label. */
export interface Predicted {
  readonly classes: Int32Array;
  readonly losses: Float64Array;
}

/** Each sample by one of the models: `modelOf` says which. */
export const predictionsBy = (
  { scores, starts }: Scores,
  models: readonly Intercepts[],
  modelOf: (sample: number) => number,
  labels: Int32Array,
): Predicted => {
  const classes = new Int32Array(labels.length);
  const losses = new Float64Array(labels.length);
  labels.forEach((label, i) => {
    const k = modelOf(i);
    const { intercept } = models[k];
    classes[i] = predictClass(scores, i, intercept, starts[k]);
    losses[i] = lossInBits(scores, i, intercept, starts[k], label);
  });
  return { classes, losses };
};

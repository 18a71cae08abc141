import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type LogisticModel, lossesInBits, predictClasses } from './logistic.ts';

/** The logits of several models for one set, without their intercepts; each has its columns from its start on. */
interface Scores {
  readonly scores: Matrix;
  readonly starts: readonly number[];
}

/** The logits of all models are one product. */
export const scoresOf = async (
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
export const predictAll = async (
  products: Products,
  set: Matrix,
  models: readonly LogisticModel[],
): Promise<Int32Array[]> => {
  const { scores, starts } = await scoresOf(products, set, models);
  return models.map(({ intercept }, k) => predictClasses(scores, intercept, starts[k]));
};

/** What one model says of every sample, and what that costs. */
export interface Predicted {
  readonly classes: Int32Array;
  readonly losses: Float64Array;
}

export const predictionsOf = (
  { scores, starts }: Scores,
  models: readonly LogisticModel[],
  k: number,
  labels: Int32Array,
): Predicted => ({
  classes: predictClasses(scores, models[k].intercept, starts[k]),
  losses: lossesInBits(scores, models[k], labels, starts[k]),
});

export const ofItsFold = (byFold: readonly Predicted[], folds: Int32Array): Predicted => ({
  classes: Int32Array.from(folds, (fold, sample) => byFold[fold].classes[sample]),
  losses: Float64Array.from(folds, (fold, sample) => byFold[fold].losses[sample]),
});

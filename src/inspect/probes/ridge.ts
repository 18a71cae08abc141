import { centred, choleskySolve, type Matrix, matrix, meanOfRows, rowOf } from '../../spectrum/index.ts';
import { factorLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';

/** y = X weights + intercept, for several targets at once. */
export interface LinearModel {
  /** [dimensions, targets]. */
  readonly weights: Matrix;
  readonly intercept: Float64Array;
}

/** Larger systems take minutes for every penalty, and gigabytes. */
const LARGEST = 4096;

/**
 * Ridge regression at each of `alphas`: the w and b with the smallest ||y - X w - b||^2 + alpha ||w||^2 for every column y of
 * `targets`, [samples, targets]; the intercept is not penalised. Solved in the smaller of the two forms,
 * (X^T X + alpha I)^-1 X^T y and X^T (X X^T + alpha I)^-1 y on centred columns, which are equal. Source: Hoerl and Kennard
 * 1970; scikit-learn's `Ridge`, with its alpha.
 * @throws Error for more than 4,096 samples of more than 4,096 dimensions.
 */
export const fitRidge = async (
  products: Products,
  samples: Matrix,
  targets: Matrix,
  alphas: readonly number[],
): Promise<LinearModel[]> => {
  const size = Math.min(samples.rows, samples.columns);
  if (size > LARGEST) {
    throw new Error(
      `${samples.rows} samples of ${samples.columns} dimensions are too many for ridge regression: it takes up to 4,096 of either`,
    );
  }
  const [x, y] = [centred(samples), centred(targets)];
  const isDual = x.rows < x.columns;
  const gram = await products.smallGram(x);
  const right = isDual ? y : await products.cross(x, y);
  const [means, levels] = [meanOfRows(samples.data, x.columns), meanOfRows(targets.data, y.columns)];
  const models: LinearModel[] = [];
  for (const alpha of alphas) {
    const penalised = matrix(size, size, gram.data.slice());
    for (let j = 0; j < size; j++) penalised.data[j * (size + 1)] += alpha;
    const factor = await factorLower(products, penalised);
    if (factor === null)
      throw new Error('the dimensions are too dependent on each other for ridge regression');
    const solution = solveColumns(factor, right);
    const weights = isDual ? await products.cross(x, solution) : solution;
    models.push({ weights, intercept: interceptOf(weights, means, levels) });
  }
  return models;
};

const solveColumns = (factor: Matrix, right: Matrix): Matrix => {
  const solution = matrix(right.rows, right.columns);
  const column = new Float64Array(right.rows);
  for (let k = 0; k < right.columns; k++) {
    for (let i = 0; i < right.rows; i++) column[i] = right.data[i * right.columns + k];
    const solved = choleskySolve(factor, column);
    for (let i = 0; i < right.rows; i++) solution.data[i * right.columns + k] = solved[i];
  }
  return solution;
};

/** The mean of the targets is predicted at the mean of the samples. */
const interceptOf = (weights: Matrix, means: Float64Array, levels: Float64Array): Float64Array => {
  const intercept = levels.slice();
  for (let j = 0; j < weights.rows; j++) {
    const row = rowOf(weights, j);
    for (let k = 0; k < row.length; k++) intercept[k] -= means[j] * row[k];
  }
  return intercept;
};

/** The values that a model gives to the samples of a set, [samples, targets]. */
export const predictValues = async (
  products: Products,
  set: Matrix,
  { weights, intercept }: LinearModel,
): Promise<Matrix> => {
  const predicted = await products.times(set, weights);
  for (let at = 0; at < predicted.data.length; at++) predicted.data[at] += intercept[at % intercept.length];
  return predicted;
};

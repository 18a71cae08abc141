import { cholesky, choleskySolve } from '../spectrum/index.ts';
import { columnMeans, type DoubleMatrix, type Matrix, matrix } from './matrix.ts';
import type { Products } from './products.ts';
import { totalTrace } from './scatter.ts';

/** How strongly a representation answers to one continuous factor. */
export interface Response {
  /** ||beta_j||: change of the representation per unit of the factor, debiased; not below 0. */
  readonly gain: number;
  /** Whether the answer exceeds what no effect would show by chance. */
  readonly significant: boolean;
}

/**
 * 95 % point of ||beta_j||^2 over its expectation without an effect, when all noise lies in one direction (a
 * chi-squared variable with one degree of freedom); noise that is spread out exceeds it less often.
 */
export const CHANCE = 3.841;

/** Factor values with their means taken away, and what every layer needs to regress on them. */
export interface Design {
  readonly centred: DoubleMatrix;
  /** Lower Cholesky factor of centred^T centred. */
  readonly factor: DoubleMatrix;
  /** Diagonal of its inverse. */
  readonly inverse: Float64Array;
}

/** Null when the factors are linearly dependent or there are too few samples to tell them apart. */
export const makeDesign = async (
  products: Products,
  values: readonly Float64Array[],
): Promise<Design | null> => {
  const count = values.length;
  const rows = values[0].length;
  if (rows <= count + 1) return null;
  const data = new Float64Array(rows * count);
  for (let j = 0; j < count; j++) {
    const mean = values[j].reduce((sum, value) => sum + value, 0) / rows;
    for (let i = 0; i < rows; i++) data[i * count + j] = values[j][i] - mean;
  }
  const centred = matrix(rows, count, data);
  const factor = cholesky(await products.cross(centred, centred));
  if (factor === null) return null;
  const inverse = Float64Array.from({ length: count }, (_, j) => {
    const unit = new Float64Array(count);
    unit[j] = 1;
    return choleskySolve(factor, unit)[j];
  });
  return { centred, factor, inverse };
};

/**
 * Least squares of the representation on all factors at once: r = a + sum_j beta_j h_j + e. Independent factors have
 * beta_j = E[r h_j] / E[h_j^2]. The squared length of an estimate exceeds the true one by [(H^T H)^-1]_jj tr(Sigma_e) on
 * average, which is taken away.
 */
export const responses = async (
  products: Products,
  design: Design,
  representation: Matrix,
): Promise<Response[]> => {
  const { centred, factor, inverse } = design;
  const count = centred.columns;
  const width = representation.columns;
  const { data: moments } = await products.cross(centred, representation);
  const beta = solveColumns(factor, moments, width);
  let explained = 0;
  for (let i = 0; i < beta.length; i++) explained += beta[i] * moments[i];
  const total = totalTrace(representation, columnMeans(representation)) * representation.rows;
  const noise = Math.max(0, total - explained) / (representation.rows - count - 1);
  return Array.from({ length: count }, (_, j) => {
    let squares = 0;
    for (let k = j * width; k < (j + 1) * width; k++) squares += beta[k] ** 2;
    const chance = inverse[j] * noise;
    return { gain: Math.sqrt(Math.max(0, squares - chance)), significant: squares > CHANCE * chance };
  });
};

/** Solves L L^T x = b for every column of b, [factor.rows, columns]. */
const solveColumns = (factor: DoubleMatrix, b: Float64Array, columns: number): Float64Array => {
  const x = new Float64Array(b.length);
  for (let k = 0; k < columns; k++) {
    const column = Float64Array.from({ length: factor.rows }, (_, j) => b[j * columns + k]);
    choleskySolve(factor, column).forEach((value, j) => {
      x[j * columns + k] = value;
    });
  }
  return x;
};

import { cholesky, solveCholesky } from './cholesky.ts';
import { columnMeans, type Matrix, matrix } from './matrix.ts';
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
  readonly centred: Matrix;
  /** Lower Cholesky factor of centred^T centred. */
  readonly factor: Float64Array;
  /** Diagonal of its inverse. */
  readonly inverse: Float64Array;
}

/** Null when the factors are linearly dependent or there are too few samples to tell them apart. */
export const makeDesign = async (products: Products, values: readonly Float64Array[]): Promise<Design | null> => {
  const count = values.length;
  const rows = values[0].length;
  if (rows <= count + 1) return null;
  const data = new Float64Array(rows * count);
  for (let j = 0; j < count; j++) {
    const mean = values[j].reduce((sum, value) => sum + value, 0) / rows;
    for (let i = 0; i < rows; i++) data[i * count + j] = values[j][i] - mean;
  }
  const centred = matrix(rows, count, data);
  const gram = (await products.cross(centred, centred)).data;
  const factor = cholesky(gram, count);
  if (factor === null) return null;
  const identity = new Float64Array(count * count);
  for (let j = 0; j < count; j++) identity[j * (count + 1)] = 1;
  solveCholesky(factor, count, identity, count);
  return { centred, factor, inverse: Float64Array.from({ length: count }, (_, j) => identity[j * (count + 1)]) };
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
  const beta = Float64Array.from(moments);
  solveCholesky(factor, count, beta, width);
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

import {
  centred,
  cholesky,
  choleskySolve,
  dot,
  type Matrix,
  matrixOfRows,
  meanOfRows,
  rowOf,
  transpose,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Representation } from '../representation.ts';
import { totalTrace } from './scatter.ts';

/** How strongly a representation responds to one continuous factor. */
interface Response {
  /** ||beta_j||: change of the representation per unit of the factor, debiased; not below 0. */
  readonly gain: number;
  /** Whether the response exceeds what chance shows without an effect. */
  readonly significant: boolean;
}

/**
 * 95 % point of ||beta_j||^2 over its expectation without an effect, when all noise is in one direction (a
 * chi-squared variable with one degree of freedom); noise that is spread out exceeds it less often.
 */
export const CHANCE = 3.841;

/** What is needed to regress every layer on the factors. */
interface Design {
  /** H, [samples, factors]: the values minus their means. */
  readonly factors: Matrix;
  /** Lower Cholesky factor of H^T H. */
  readonly lower: Matrix;
  /** Diagonal of (H^T H)^-1. */
  readonly inverse: Float64Array;
}

/** Null when the factors are linearly dependent or there are too few samples to separate them. */
export const makeDesign = async (
  products: Products,
  values: readonly Float64Array[],
): Promise<Design | null> => {
  const count = values.length;
  if (values[0].length <= count + 1) return null;
  const factors = centred(transpose(matrixOfRows(values)));
  const lower = cholesky(await products.cross(factors, factors));
  if (lower === null) return null;
  const inverse = Float64Array.from({ length: count }, (_, j) => {
    const unit = new Float64Array(count);
    unit[j] = 1;
    return choleskySolve(lower, unit)[j];
  });
  return { factors, lower, inverse };
};

/**
 * Least squares of the representation on all factors at once: r = a + sum_j beta_j h_j + e. Independent factors have
 * beta_j = E[r h_j] / E[h_j^2]. The squared length of an estimate exceeds the true one by [(H^T H)^-1]_jj tr(Sigma_e)
 * on average, which is subtracted.
 */
export const responses = async (
  products: Products,
  { factors, lower, inverse }: Design,
  layer: Representation,
): Promise<Response[]> => {
  const moments = await products.cross(layer, factors);
  const squares = new Float64Array(factors.columns);
  let explained = 0;
  for (let k = 0; k < moments.rows; k++) {
    const moment = rowOf(moments, k);
    const beta = choleskySolve(lower, moment);
    explained += dot(beta, moment);
    for (let j = 0; j < beta.length; j++) squares[j] += beta[j] ** 2;
  }
  const total = totalTrace(layer, meanOfRows(layer.data, layer.columns)) * layer.rows;
  const noise = Math.max(0, total - explained) / (layer.rows - factors.columns - 1);
  return Array.from(squares, (square, j) => {
    const chance = inverse[j] * noise;
    return { gain: Math.sqrt(Math.max(0, square - chance)), significant: square > CHANCE * chance };
  });
};

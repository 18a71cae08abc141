import type { Estimate } from '../../protocol/index.ts';
import type { Representation } from '../../sources/index.ts';
import {
  centred,
  cholesky,
  choleskySolve,
  dot,
  type Matrix,
  matrix,
  matrixOfRows,
  meanOfRows,
  rowOf,
  transpose,
} from '../../spectrum/index.ts';
import { normalInterval, standardErrorOf } from '../../statistics/index.ts';
import type { Products } from '../algebra/products.ts';
import { meanOf, squaredLengths } from './scatter.ts';

/** How strongly a representation responds to one continuous factor. */
interface Response {
  /** ||beta_j||^2: squared change of the representation per unit of the factor, debiased; not below 0. */
  readonly square: number;
  /** Derivative of `square` along each sample: see `standardErrorOf`. */
  readonly influences: Float64Array;
  /**
   * eta^2: the share of the variance that the response to this factor makes up, ||beta_j||^2 var(h_j) / tr Sigma_T, in
   * [0, 1]. Null when nothing varies.
   */
  readonly etaSquared: Estimate | null;
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
  /** H (H^T H)^-1, [samples, factors]: the weight of each sample in each coefficient. */
  readonly leverage: Matrix;
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
  const leverage = matrix(factors.rows, count);
  for (let i = 0; i < factors.rows; i++) rowOf(leverage, i).set(choleskySolve(lower, rowOf(factors, i)));
  return { factors, lower, inverse, leverage };
};

/**
 * Least squares of the representation on all factors at once: r = a + sum_j beta_j h_j + e. Independent factors have
 * beta_j = E[r h_j] / E[h_j^2]. The squared length of an estimate exceeds the true one by [(H^T H)^-1]_jj tr(Sigma_e)
 * on average, which is subtracted.
 */
export const responses = async (
  products: Products,
  design: Design,
  layer: Representation,
): Promise<Response[]> => {
  const { factors, lower, inverse } = design;
  const moments = await products.cross(layer, factors);
  /** beta_j in row j. */
  const coefficients = matrix(factors.columns, layer.columns);
  const squares = new Float64Array(factors.columns);
  let explained = 0;
  for (let k = 0; k < moments.rows; k++) {
    const moment = rowOf(moments, k);
    const beta = choleskySolve(lower, moment);
    explained += dot(beta, moment);
    for (let j = 0; j < beta.length; j++) {
      squares[j] += beta[j] ** 2;
      coefficients.data[j * layer.columns + k] = beta[j];
    }
  }
  const lengths = squaredLengths(layer, meanOfRows(layer.data, layer.columns));
  const total = meanOf(lengths) * layer.rows;
  const noise = Math.max(0, total - explained) / (layer.rows - factors.columns - 1);
  const influences = await influencesOf(products, design, layer, coefficients);
  return Array.from(squares, (square, j) => {
    const chance = inverse[j] * noise;
    const debiased = { square: Math.max(0, square - chance), influences: influences[j] };
    return {
      ...debiased,
      etaSquared: etaSquaredOf(debiased, column(factors, j), lengths),
      significant: square > CHANCE * chance,
    };
  });
};

const column = (m: Matrix, j: number): Float64Array =>
  Float64Array.from({ length: m.rows }, (_, i) => m.data[i * m.columns + j]);

const etaSquaredOf = (
  { square, influences }: Pick<Response, 'square' | 'influences'>,
  factor: Float64Array,
  lengths: Float64Array,
): Estimate | null => {
  const total = meanOf(lengths);
  if (!(total > 0)) return null;
  const variance = meanOf(factor.map((value) => value * value));
  const share = (square * variance) / total;
  const error = standardErrorOf(
    influences.map((own, i) => (own * variance + square * factor[i] ** 2 - share * lengths[i]) / total),
  );
  return error === null
    ? null
    : { value: Math.min(1, share), interval: normalInterval(share, error, [0, 1]) };
};

/** Of ||beta_j||^2: 2 n (H (H^T H)^-1)_ij beta_j . e_i, with the residual e_i of sample i. */
const influencesOf = async (
  products: Products,
  { factors, leverage }: Design,
  layer: Representation,
  coefficients: Matrix,
): Promise<Float64Array[]> => {
  const along = centred(await products.inner(layer, coefficients));
  const gram = await products.inner(coefficients, coefficients);
  return Array.from({ length: factors.columns }, (_, j) =>
    Float64Array.from({ length: layer.rows }, (_, i) => {
      const residual = along.data[i * along.columns + j] - dot(rowOf(factors, i), rowOf(gram, j));
      return 2 * layer.rows * leverage.data[i * leverage.columns + j] * residual;
    }),
  );
};

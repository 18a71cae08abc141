import { float64, type TensorData } from '../../runtime/index.ts';
import { cholesky, type Matrix, matrix, scaled, scaledRows } from '../../spectrum/index.ts';
import { invertLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';
import { toTensor } from '../representation.ts';

/**
 * Coordinates in which a penalised logistic fit is isotropic at its start: H = c X^T X + I = L L^T with c the curvature
 * of the loss, W = L^-T u. The optimum is the same, but badly scaled columns no longer cost iterations.
 */
export interface Whitening {
  /** X L^-T, [samples, dimensions]. */
  readonly whitened: Matrix;
  /** M = L^-1 L^-T with ||W||^2 = u . M u: [dimensions, dimensions], or its diagonal [dimensions, 1]. */
  readonly penalty: TensorData;
  /** Brings the curvature along the intercept to 1 as well: 1 / sqrt(c samples). */
  readonly interceptScale: number;
  /** u -> W, [dimensions, logits]. */
  unwhiten(u: Matrix): Promise<Matrix>;
}

/** Between 1/4 for two equally likely classes and 1/K for K: works for any number of classes. */
const CURVATURE = 1 / 8;

/** Above this width only the diagonal of H is used: the factorisation grows with the cube. */
const WIDEST = 1536;

export const whiten = async (products: Products, centred: Matrix): Promise<Whitening> => {
  const n = centred.columns;
  if (n > WIDEST) return scaleColumns(centred);
  const hessian = scaled(await products.cross(centred, centred), CURVATURE);
  for (let j = 0; j < n; j++) hessian.data[j * (n + 1)] += 1;
  const factor = cholesky(hessian);
  if (factor === null) return scaleColumns(centred);
  const inverse = await invertLower(products, factor);
  return {
    whitened: await products.inner(centred, inverse),
    penalty: toTensor(await products.inner(inverse, inverse)),
    interceptScale: interceptScaleOf(centred),
    unwhiten: (u) => products.cross(inverse, u),
  };
};

const scaleColumns = (centred: Matrix): Whitening => {
  const n = centred.columns;
  const squares = new Float64Array(n);
  for (let at = 0; at < centred.data.length; at++) squares[at % n] += centred.data[at] ** 2;
  const scale = squares.map((sum) => 1 / Math.sqrt(CURVATURE * sum + 1));
  const whitened = centred.data.map((value, at) => value * scale[at % n]);
  const penalty = scale.map((value) => value * value);
  return {
    whitened: matrix(centred.rows, n, whitened),
    penalty: float64([n, 1], penalty),
    interceptScale: interceptScaleOf(centred),
    unwhiten: async (u) => scaledRows(u, scale),
  };
};

const interceptScaleOf = ({ rows }: Matrix): number => 1 / Math.sqrt(CURVATURE * rows);

import { float64, type TensorData } from '../runtime/index.ts';
import { cholesky } from '../spectrum/index.ts';
import { invertLower } from './lowerTriangle.ts';
import { type DoubleMatrix, type Matrix, matrix } from './matrix.ts';
import type { Products } from './products.ts';

/**
 * Coordinates in which a penalised logistic fit is round at its start: H = c X^T X + I = L L^T with c the curvature of the
 * loss, W = L^-T u. The optimum is the same, badly scaled columns no longer cost iterations.
 */
export interface Whitening {
  /** X L^-T, [samples, dimensions]. */
  readonly whitened: DoubleMatrix;
  /** M = L^-1 L^-T with ||W||^2 = u . M u: [dimensions, dimensions], or its diagonal [dimensions, 1]. */
  readonly penalty: TensorData;
  /** Brings the curvature along the intercept to 1 as well: 1 / sqrt(c samples). */
  readonly interceptScale: number;
  /** u -> W, [dimensions, logits]. */
  unwhiten(products: Products, u: DoubleMatrix): Promise<DoubleMatrix>;
}

/** Between 1/4 of two equally likely classes and 1/K of K: serves any number of classes. */
const CURVATURE = 1 / 8;

/** Above this width only the diagonal of H is used: the factorisation grows with the cube. */
const WIDEST = 1536;

export const whiten = async (products: Products, centred: Matrix): Promise<Whitening> => {
  const n = centred.columns;
  if (n > WIDEST) return scaleColumns(centred);
  const gram = await products.cross(centred, centred);
  const hessian = gram.data.map((value) => value * CURVATURE);
  for (let j = 0; j < n; j++) hessian[j * (n + 1)] += 1;
  const factor = cholesky(matrix(n, n, hessian));
  if (factor === null) return scaleColumns(centred);
  const inverse = invertLower(factor);
  const { data } = await products.inner(inverse, inverse);
  return {
    whitened: await products.inner(centred, inverse),
    penalty: float64([n, n], data),
    interceptScale: 1 / Math.sqrt(CURVATURE * centred.rows),
    unwhiten: (by, u) => by.cross(inverse, u),
  };
};

const scaleColumns = (centred: Matrix): Whitening => {
  const n = centred.columns;
  const squares = new Float64Array(n);
  for (let at = 0; at < centred.data.length; at++) squares[at % n] += centred.data[at] ** 2;
  const scale = squares.map((sum) => 1 / Math.sqrt(CURVATURE * sum + 1));
  const times = (m: Matrix, factorOf: (at: number) => number) =>
    matrix(
      m.rows,
      m.columns,
      Float64Array.from(m.data, (value, at) => value * factorOf(at)),
    );
  return {
    whitened: times(centred, (at) => scale[at % n]),
    penalty: float64(
      [n, 1],
      scale.map((value) => value * value),
    ),
    interceptScale: 1 / Math.sqrt(CURVATURE * centred.rows),
    unwhiten: async (_, u) => times(u, (at) => scale[Math.floor(at / u.columns)]),
  };
};

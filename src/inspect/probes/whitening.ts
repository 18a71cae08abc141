import { cholesky, type Matrix, matrix, scaled, scaledRows } from '../../spectrum/index.ts';
import { invertLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';

/**
 * Coordinates in which a penalised logistic fit is isotropic at its start: H = k X^T X + I / C = L L^T with k the curvature
 * of the loss, W = L^-T u. The optimum is the same, but badly scaled columns no longer cost iterations.
 */
export interface Whitening {
  /** L^-1, [dimensions, dimensions]; or the diagonal of it, [dimensions, 1], where only that of H is used. */
  readonly inverse: Matrix;
  /** Brings the curvature along the intercept to 1 as well: 1 / sqrt(k samples). */
  readonly interceptScale: number;
  /** u -> W, [dimensions, logits], and back. */
  unwhiten(u: Matrix): Promise<Matrix>;
  whiten(w: Matrix): Promise<Matrix>;
}

/** Between 1/4 for two equally likely classes and 1/K for K: works for any number of classes. */
const CURVATURE = 1 / 8;

/** Above this width only the diagonal of H is used: the factorisation grows with the cube. */
const WIDEST = 1536;

/** The columns of fits, with what every C needs of them. */
export interface FitColumns {
  /** samples x dimensions with column means 0. */
  readonly centred: Matrix;
  /** The same in single precision. */
  readonly narrow: Float32Array;
  /** X^T X; null when there are too many columns for it. */
  readonly gram: Matrix | null;
}

export const fitColumns = async (products: Products, centred: Matrix): Promise<FitColumns> => ({
  centred,
  narrow: Float32Array.from(centred.data),
  gram: centred.columns > WIDEST ? null : await products.cross(centred, centred),
});

export const whiten = async (
  products: Products,
  { centred, gram }: FitColumns,
  c: number,
): Promise<Whitening> => {
  if (gram === null) return scaleColumns(centred, c);
  const n = centred.columns;
  const hessian = scaled(gram, CURVATURE);
  for (let j = 0; j < n; j++) hessian.data[j * (n + 1)] += 1 / c;
  const factor = cholesky(hessian);
  if (factor === null) return scaleColumns(centred, c);
  const inverse = await invertLower(products, factor);
  return {
    inverse,
    interceptScale: interceptScaleOf(centred),
    unwhiten: (u) => products.cross(inverse, u),
    whiten: (w) => products.cross(factor, w),
  };
};

const scaleColumns = (centred: Matrix, c: number): Whitening => {
  const n = centred.columns;
  const squares = new Float64Array(n);
  for (let at = 0; at < centred.data.length; at++) squares[at % n] += centred.data[at] ** 2;
  const diagonal = squares.map((sum) => Math.sqrt(CURVATURE * sum + 1 / c));
  const inverse = diagonal.map((value) => 1 / value);
  return {
    inverse: matrix(n, 1, inverse),
    interceptScale: interceptScaleOf(centred),
    unwhiten: async (u) => scaledRows(u, inverse),
    whiten: async (w) => scaledRows(w, diagonal),
  };
};

const interceptScaleOf = ({ rows }: Matrix): number => 1 / Math.sqrt(CURVATURE * rows);

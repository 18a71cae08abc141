import { type Matrix, matrix, symmetrised } from '../../spectrum/index.ts';
import { generalisedEigenvalues } from '../algebra/generalisedEigen.ts';
import type { Products } from '../algebra/products.ts';
import type { ViewedLayer } from './views.ts';

/** View correlations of one layer; none without views. */
export const viewCorrelation = async (
  products: Products,
  viewed: ViewedLayer | null,
): Promise<Float64Array> => {
  if (viewed === null) return new Float64Array(0);
  const { first, second } = viewed;
  const positive = symmetrised(await products.cross(first, second));
  const other = await products.cross(second, second);
  const own = (await products.cross(first, first)).data.map((value, at) => (value + other.data[at]) / 2);
  return correlationsOf(products, positive, matrix(other.rows, other.columns, own));
};

/**
 * Eigenvalues rho of A u = rho B u, descending, for A = E[(r r+^T + r+ r^T) / 2] and B = E[(r r^T + r+ r+^T) / 2], given up
 * to a common factor; values that rounding puts beyond [-1, 1] are clamped.
 */
export const correlationsOf = async (
  products: Products,
  positive: Matrix,
  second: Matrix,
): Promise<Float64Array> => {
  const values = await generalisedEigenvalues(products, positive, second);
  return values.map((value) => Math.min(1, Math.max(-1, value)));
};

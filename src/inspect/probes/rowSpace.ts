import { type Matrix, matrixOfRows, rowOf } from '../../spectrum/index.ts';
import { pivotedCholesky, RANK_TOLERANCE } from '../algebra/generalisedEigen.ts';
import { invertLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';

/**
 * An orthonormal basis B of the rows of X, [rank, dimensions]. A fit with the penalty ||W||^2 has its optimum there: W = B^T w with
 * ||W|| = ||w||, and x W = (x B^T) w for every sample x. So a layer with more dimensions than samples costs no more than one with as many.
 */
export interface RowSpace {
  readonly basis: Matrix;
  /** Samples as x B^T, [samples, rank]. */
  coordinatesOf(samples: Matrix): Promise<Matrix>;
  /** w as W, [dimensions, columns]. */
  weightsOf(w: Matrix): Promise<Matrix>;
}

/** More samples have a Gram matrix that is too large to factor for this. */
const MOST_ROWS = 4096;

/** Of the rows of centred samples; null where there are not fewer of them than dimensions. */
export const rowSpaceOf = async (products: Products, centred: Matrix): Promise<RowSpace | null> => {
  if (centred.rows >= centred.columns || centred.rows > MOST_ROWS) return null;
  // With X X^T = L L^T on rows P that are independent, B = L^-1 X_P.
  const gram = await products.inner(centred, centred);
  const { chosen, factor } = await pivotedCholesky(products, gram, RANK_TOLERANCE);
  if (chosen.length === 0) return null;
  const independent = matrixOfRows(chosen.map((row) => rowOf(centred, row)));
  const basis = await products.times(await invertLower(products, factor), independent);
  return {
    basis,
    coordinatesOf: (samples) => products.inner(samples, basis),
    weightsOf: (w) => products.cross(basis, w),
  };
};

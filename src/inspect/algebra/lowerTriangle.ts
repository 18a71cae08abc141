import { cholesky, type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from './products.ts';

/** Matrices up to this size fit the cache and are factored and inverted row by row. */
const DIRECT = 192;

/**
 * Inverse of a lower triangular matrix with a diagonal that is not zero. A large one is split in halves: the inverse of
 * [A 0; B C] is [A^-1 0; -C^-1 B A^-1 C^-1], which leaves the work to products.
 */
export const invertLower = async (products: Products, l: Matrix): Promise<Matrix> => {
  const n = l.rows;
  if (n <= DIRECT) return invertByRows(l);
  const half = n >> 1;
  const top = await invertLower(products, part(l, 0, half, 0, half));
  const bottom = await invertLower(products, part(l, half, n, half, n));
  const corner = await products.times(await products.times(bottom, part(l, half, n, 0, half)), top);
  const inverse = matrix(n, n);
  for (let i = 0; i < half; i++) rowOf(inverse, i).set(rowOf(top, i));
  for (let i = half; i < n; i++) {
    rowOf(inverse, i).set(rowOf(corner, i - half).map((value) => -value));
    rowOf(inverse, i).set(rowOf(bottom, i - half), half);
  }
  return inverse;
};

/**
 * L with S = L L^T; null when S is not positive definite to working precision. A large one is split in halves: that of
 * [A B^T; B C] is [L 0; B L^-T M] with A = L L^T and M M^T = C - B A^-1 B^T, which leaves the work to products.
 */
export const factorLower = async (products: Products, s: Matrix): Promise<Matrix | null> => {
  const n = s.rows;
  if (n <= DIRECT) return cholesky(s);
  const half = n >> 1;
  const top = await factorLower(products, part(s, 0, half, 0, half));
  if (top === null) return null;
  const corner = await products.inner(part(s, half, n, 0, half), await invertLower(products, top));
  const rest = part(s, half, n, half, n);
  const taken = await products.inner(corner, corner);
  for (let at = 0; at < rest.data.length; at++) rest.data[at] -= taken.data[at];
  const bottom = await factorLower(products, rest);
  if (bottom === null) return null;
  const factor = matrix(n, n);
  for (let i = 0; i < half; i++) rowOf(factor, i).set(rowOf(top, i));
  for (let i = half; i < n; i++) {
    rowOf(factor, i).set(rowOf(corner, i - half));
    rowOf(factor, i).set(rowOf(bottom, i - half), half);
  }
  return factor;
};

const part = (m: Matrix, fromRow: number, toRow: number, fromColumn: number, toColumn: number): Matrix => {
  const result = matrix(toRow - fromRow, toColumn - fromColumn);
  for (let i = fromRow; i < toRow; i++) {
    rowOf(result, i - fromRow).set(rowOf(m, i).subarray(fromColumn, toColumn));
  }
  return result;
};

const invertByRows = (l: Matrix): Matrix => {
  const n = l.rows;
  const inverse = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const row = rowOf(inverse, i);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = l.data[i * n + k];
      const earlier = rowOf(inverse, k);
      for (let j = 0; j <= k; j++) row[j] -= factor * earlier[j];
    }
    for (let j = 0; j <= i; j++) row[j] /= l.data[i * n + i];
  }
  return inverse;
};

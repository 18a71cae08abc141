import { dot, type Matrix, rowOf } from '../matrix.ts';

/** A matrix A of which only the products with vectors are known. */
export interface LinearOperator {
  readonly rows: number;
  readonly columns: number;
  /** A x, in a new array. */
  multiply(x: Float64Array): Float64Array;
  /** A^T y, in a new array. */
  multiplyTransposed(y: Float64Array): Float64Array;
}

export const operatorOf = (a: Matrix): LinearOperator => ({
  rows: a.rows,
  columns: a.columns,
  multiply: (x) => Float64Array.from({ length: a.rows }, (_, i) => dot(x, rowOf(a, i))),
  multiplyTransposed: (y) => {
    const sum = new Float64Array(a.columns);
    for (let i = 0; i < a.rows; i++) addMultiple(sum, y[i], rowOf(a, i));
    return sum;
  },
});

/**
 * A^T where A has more columns than rows: then A^T A is the smaller of the two products, without zeros of its
 * own.
 */
export const tallOperator = (a: LinearOperator): LinearOperator =>
  a.rows >= a.columns
    ? a
    : {
        rows: a.columns,
        columns: a.rows,
        multiply: (x) => a.multiplyTransposed(x),
        multiplyTransposed: (y) => a.multiply(y),
      };

/** sum += s x. */
export function addMultiple(sum: Float64Array, s: number, x: Float64Array): void {
  for (let j = 0; j < sum.length; j++) sum[j] += s * x[j];
}

/**
 * Takes from x its part along each of the orthonormal vectors and returns the norm of the rest; twice,
 * because after once as much as rounding of what was taken may be left. Source: Giraud, Langou and Rozloznik
 * 2005.
 */
export function orthogonalise(x: Float64Array, basis: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const vector of basis) addMultiple(x, -dot(vector, x), vector);
  }
  return Math.sqrt(dot(x, x));
}

export const scaleInPlace = (x: Float64Array, s: number): void => {
  for (let j = 0; j < x.length; j++) x[j] *= s;
};

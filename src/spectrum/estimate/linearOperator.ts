import { dot } from '../matrix.ts';

/** A matrix A that is known only by its products with vectors. */
export interface LinearOperator {
  readonly rows: number;
  readonly columns: number;
  /** A x, in a new array. */
  multiply(x: Float64Array): Float64Array;
  /** A^T y, in a new array. */
  multiplyTransposed(y: Float64Array): Float64Array;
}

/** A matrix whose rows are in an array of floats, which is not copied: entry (i, j) is `values[i * columns + j]`. */
export function operatorOfValues(
  values: Float32Array | Float64Array,
  rows: number,
  columns: number,
): LinearOperator {
  if (values.length !== rows * columns) throw new RangeError(`not ${rows} x ${columns} values`);
  return {
    rows,
    columns,
    multiply: (x) => Float64Array.from({ length: rows }, (_, i) => dotAt(values, i * columns, x)),
    multiplyTransposed: (y) => {
      const sum = new Float64Array(columns);
      for (let i = 0; i < rows; i++) {
        const s = y[i];
        for (let j = 0, at = i * columns; j < columns; j++, at++) sum[j] += s * values[at];
      }
      return sum;
    },
  };
}

/** The product of x and the values from `at` on. Like `dot`, for values of either width. */
function dotAt(values: Float32Array | Float64Array, at: number, x: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < x.length; i += 4) {
    a += values[at + i] * x[i];
    b += values[at + i + 1] * x[i + 1];
    c += values[at + i + 2] * x[i + 2];
    d += values[at + i + 3] * x[i + 3];
  }
  for (; i < x.length; i++) a += values[at + i] * x[i];
  return a + b + (c + d);
}

/** A^T where A has more columns than rows: then A^T A is the smaller of the two products, without additional zeros. */
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
 * Subtracts from x its part along each of the orthonormal vectors and returns the norm of the rest; twice, because
 * after one pass the rounding of what was subtracted may remain. Source: Giraud, Langou and Rozloznik 2005.
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

import { type Matrix, matrix, shapeOf, transpose } from './matrix.ts';
import { addInnerProducts, addSquare, BLOCK, pack, padded, unpadded } from './wasm/gramKernel.ts';

/** A B, for A (m x k) and B (k x n). */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) throw new RangeError(`cannot multiply ${shapeOf(a)} by ${shapeOf(b)}`);
  const sum = new Float64Array(padded(a.rows) * padded(b.columns));
  if (a.columns > 0) addInnerProducts(sum, paddedRows(a), paddedRows(transpose(b)), a.columns, false);
  return unpadded(sum, a.rows, b.columns, false);
}

/** Entries of `a` with rows of zeros up to a count that the kernel accepts. */
function paddedRows(a: Matrix): Float64Array {
  const entries = new Float64Array(padded(a.rows) * a.columns);
  entries.set(a.data);
  return entries;
}

/** A^T A. */
export function gramOf(a: Matrix): Matrix {
  const side = padded(a.columns);
  const sum = new Float64Array(side * side);
  const packed = new Float64Array(side * BLOCK);
  const noShift = new Float64Array(a.columns);
  for (let from = 0; from < a.rows; from += BLOCK) {
    pack(a.data, from, Math.min(from + BLOCK, a.rows), noShift, packed);
    addSquare(sum, packed);
  }
  return unpadded(sum, a.columns, a.columns, true);
}

/** A with row k multiplied by `factors[k]`. */
export function scaledRows(a: Matrix, factors: Float64Array): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.data.map((entry, k) => entry * factors[Math.floor(k / a.columns)]),
  );
}

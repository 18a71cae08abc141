import { dot, type Matrix, matrix, rowOf } from '../matrix.ts';

/** Lower-triangular L with S = L L^T, or null when S is not positive definite to working precision. */
export function cholesky(s: Matrix): Matrix | null {
  const n = s.rows;
  const factor = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const row = rowOf(factor, i);
    for (let j = 0; j < i; j++) {
      row[j] = (s.data[i * n + j] - dot(row, rowOf(factor, j), j)) / factor.data[j * n + j];
    }
    const pivot = s.data[i * n + i] - dot(row, row, i);
    if (!(pivot > 0)) return null;
    row[i] = Math.sqrt(pivot);
  }
  return factor;
}

/** x with L L^T x = b, for the factor L of `cholesky`. */
export function choleskySolve(factor: Matrix, b: Float64Array): Float64Array {
  const n = factor.rows;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    const row = rowOf(factor, i);
    x[i] = (x[i] - dot(row, x, i)) / row[i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = rowOf(factor, i);
    x[i] /= row[i];
    for (let k = 0; k < i; k++) x[k] -= row[k] * x[i];
  }
  return x;
}

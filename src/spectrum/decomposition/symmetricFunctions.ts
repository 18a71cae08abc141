import { dot, type Matrix, matrix, rowOf } from '../matrix.ts';
import { gramOf, scaledRows } from '../product.ts';
import { type SymmetricEigen, symmetricEigen } from './symmetricEigen.ts';

/** V f(Lambda) V^T over the eigenpairs of a symmetric matrix, for f that is not negative. */
function rebuilt({ values, vectors }: SymmetricEigen, f: (lambda: number, k: number) => number): Matrix {
  return gramOf(
    scaledRows(
      vectors,
      values.map((lambda, k) => Math.sqrt(f(lambda, k))),
    ),
  );
}

/**
 * S^(-1/2) of a symmetric positive semi-definite matrix; eigenvalues below `floor` (absolute, positive) are raised to it.
 */
export const inverseSquareRoot = (s: Matrix, floor: number): Matrix =>
  rebuilt(symmetricEigen(s), (lambda) => 1 / Math.sqrt(Math.max(lambda, floor)));

/**
 * Pseudo-inverse of a symmetric positive semi-definite matrix: the eigenvalues above `cutOff` lambda_1 are inverted, at
 * most `rank` of them, and the others are taken as 0. The default cut-off d eps is that of scipy.linalg.pinvh.
 */
export function pseudoInverse(s: Matrix, options: { cutOff?: number; rank?: number } = {}): Matrix {
  const { cutOff = s.rows * Number.EPSILON, rank = s.rows } = options;
  const eigen = symmetricEigen(s);
  const least = cutOff * Math.max(0, eigen.values[0] ?? 0);
  return rebuilt(eigen, (lambda, k) => (k < rank && lambda > least ? 1 / lambda : 0));
}

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

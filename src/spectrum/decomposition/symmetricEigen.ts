import { type Matrix, matrix, rowOf, shapeOf } from '../matrix.ts';
import { unitScale } from '../scale.ts';
import { diagonalise, transposedBasis, tridiagonalise } from './tridiagonal.ts';

export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of `values[k]`. */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues of a symmetric matrix, descending, each within a small multiple of 2.2e-16 max|lambda|; only the lower
 * triangle is read. A run fault when an entry is not finite.
 * Source: Householder tridiagonalisation and implicit QL, Golub and Van Loan, Matrix Computations, 8.3.
 */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  const { work, scale } = scaledCopy(a);
  const form = tridiagonalise(work);
  diagonalise(form);
  return form.diagonal
    .sort()
    .reverse()
    .map((value) => value / scale);
}

/** Eigenvalues and orthonormal eigenvectors of a symmetric matrix; see `symmetricEigenvalues`. */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const { work, scale } = scaledCopy(a);
  const form = tridiagonalise(work);
  const basis = transposedBasis(form.reflectors);
  diagonalise(form, basis);
  const order = Array.from(form.diagonal.keys()).sort((i, j) => form.diagonal[j] - form.diagonal[i]);
  const vectors = matrix(a.rows, a.rows);
  for (const [k, source] of order.entries()) rowOf(vectors, k).set(rowOf(basis, source));
  return { values: Float64Array.from(order, (i) => form.diagonal[i] / scale), vectors };
}

function scaledCopy(a: Matrix): { work: Matrix; scale: number } {
  if (a.rows !== a.columns) throw new RangeError(`a ${shapeOf(a)} matrix has no eigenvalues`);
  const scale = unitScale(a);
  return {
    work: matrix(
      a.rows,
      a.columns,
      a.data.map((x) => x * scale),
    ),
    scale,
  };
}

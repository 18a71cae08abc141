import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';

/** Inverse of a lower triangular matrix with a diagonal that is not zero. */
export const invertLower = (l: Matrix): Matrix => {
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

/**
 * Lower factor L of a symmetric positive definite matrix, A = L L^T: [n, n] row-major, zeros above the diagonal.
 * Null when a pivot is not positive.
 */
export const cholesky = (a: Float64Array, n: number): Float64Array | null => {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = l.subarray(i * n, i * n + i + 1);
    for (let j = 0; j <= i; j++) {
      const other = l.subarray(j * n, j * n + j);
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= row[k] * other[k];
      if (j < i) row[j] = sum / l[j * n + j];
      else if (sum > 0) row[i] = Math.sqrt(sum);
      else return null;
    }
  }
  return l;
};

/** Solves L L^T x = b in place for every column of b: [n, columns] row-major. */
export const solveCholesky = (l: Float64Array, n: number, b: Float64Array, columns: number): void => {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let c = 0; c < columns; c++) b[i * columns + c] -= factor * b[k * columns + c];
    }
    for (let c = 0; c < columns; c++) b[i * columns + c] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < columns; c++) b[i * columns + c] /= l[i * n + i];
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let c = 0; c < columns; c++) b[k * columns + c] -= factor * b[i * columns + c];
    }
  }
};

/** Inverse of a lower triangular matrix, [n, n] row-major. */
export const invertLower = (l: Float64Array, n: number): Float64Array => {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, i * n + n);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let j = 0; j <= k; j++) row[j] -= factor * inverse[k * n + j];
    }
    for (let j = 0; j <= i; j++) row[j] /= l[i * n + i];
  }
  return inverse;
};

/**
 * Eigenvalues (descending) and orthonormal eigenvectors (`vectors[k]` belongs to `values[k]`) of a small symmetric
 * matrix by cyclic Jacobi rotations; off-diagonal entries end below 1e-14 of the Frobenius norm.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): {
  values: number[];
  vectors: number[][];
} {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const norm = Math.hypot(...a.flat());
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let largest = 0;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        largest = Math.max(largest, Math.abs(a[p][q]));
        if (a[p][q] !== 0) rotate(a, v, p, q);
      }
    }
    if (largest <= 1e-14 * norm) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}

/** One rotation that makes a[p][q] zero: a <- J a J^T, and the rows of v follow. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  const mix = (rows: number[][]) => {
    const [first, second] = [rows[p], rows[q]];
    for (let k = 0; k < first.length; k += 1) {
      const [x, y] = [first[k], second[k]];
      first[k] = cosine * x - sine * y;
      second[k] = sine * x + cosine * y;
    }
  };
  mix(a);
  for (const row of a) {
    const [x, y] = [row[p], row[q]];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  }
  mix(v);
}

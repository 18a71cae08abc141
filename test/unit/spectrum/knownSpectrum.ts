import { dot, type Matrix, matrix } from '../../../src/spectrum/index.ts';

/** The generator of fixtures/make_singular_values.py. */
export function congruential(rows: number, columns: number): Matrix {
  const a = matrix(rows, columns);
  let state = 12345;
  for (let k = 0; k < a.data.length; k++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    a.data[k] = state / 2 ** 32 - 0.5;
  }
  return a;
}

/** About standard normal (the sum of twelve uniform numbers), from a separate multiplicative generator. */
export function normalSource(seed: number): () => number {
  let state = 2 * seed + 1;
  return () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) {
      state = Number((BigInt(state) * 48271n) % 2147483647n);
      sum += state / 2147483647;
    }
    return sum;
  };
}

export function normalMatrix(rows: number, columns: number, seed: number): Matrix {
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, normalSource(seed)));
}

/** The orthogonal n x n matrix of the discrete cosine transform (DCT-II), row-major. */
const cosines = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    // The period is removed in integers, so that the angle is as exact as possible.
    return Math.sqrt((i === 0 ? 1 : 2) / n) * Math.cos((Math.PI * (((2 * j + 1) * i) % (4 * n))) / (2 * n));
  });

/** A matrix with these singular values: a diagonal between cosine transforms and eight random reflections each. */
export function withSpectrum(rows: number, columns: number, sigma: ArrayLike<number>, seed = 1): Matrix {
  const normal = normalSource(seed);
  const a = matrix(rows, columns);
  const [leftBasis, rightBasis] = [cosines(rows), cosines(columns)];
  for (let k = 0; k < sigma.length; k++) {
    for (let i = 0; i < rows; i++) {
      const share = sigma[k] * leftBasis[k * rows + i];
      for (let j = 0; j < columns; j++) a.data[i * columns + j] += share * rightBasis[k * columns + j];
    }
  }
  for (let round = 0; round < 8; round++) {
    const right = Float64Array.from({ length: columns }, normal);
    const left = Float64Array.from({ length: rows }, normal);
    const [rightFactor, leftFactor] = [2 / dot(right, right), 2 / dot(left, left)];
    const sums = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      const row = a.data.subarray(i * columns, (i + 1) * columns);
      const reach = rightFactor * dot(right, row);
      for (let j = 0; j < columns; j++) {
        row[j] -= reach * right[j];
        sums[j] += leftFactor * left[i] * row[j];
      }
    }
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) a.data[i * columns + j] -= left[i] * sums[j];
    }
  }
  return a;
}

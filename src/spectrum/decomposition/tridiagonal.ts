import { runFault } from '../../protocol/index.ts';
import { dot, type Matrix, matrix } from '../matrix.ts';
import { VANISHING } from '../scale.ts';

/** A symmetric tridiagonal matrix: `offDiagonal[i]` couples i - 1 and i, and `offDiagonal[0]` is unused. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
}

/** Householder vectors of a tridiagonalisation: row i of `vectors` holds v_i (its first i entries). */
interface Reflectors {
  readonly vectors: Matrix;
  readonly factors: Float64Array;
}

/**
 * Householder reduction A = Q T Q^T of a symmetric matrix scaled to 1, from the last row up, on the lower triangle
 * only, so every inner loop runs along a row. Overwrites `a`. Source: Golub and Van Loan, Matrix Computations, 8.3.1.
 */
export function tridiagonalise(a: Matrix): Tridiagonal & { readonly reflectors: Reflectors } {
  const n = a.rows;
  const data = a.data;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const factors = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const v = data.subarray(i * n, i * n + i);
    diagonal[i] = data[i * n + i];
    const last = v[i - 1];
    const rest = dot(v, v, i - 1);
    if (rest < VANISHING) {
      offDiagonal[i] = last;
      continue;
    }
    const norm = Math.sqrt(rest + last * last);
    const alpha = last > 0 ? -norm : norm;
    const factor = 1 / (norm * (norm + Math.abs(last)));
    offDiagonal[i] = alpha;
    factors[i] = factor;
    v[i - 1] = last - alpha;
    multiplyLower(data, n, v, w);
    // In this order, because the factor of a tiny v has no finite square.
    const half = 0.5 * factor * (factor * dot(v, w));
    for (let k = 0; k < i; k++) w[k] = factor * w[k] - half * v[k];
    subtractRankTwo(data, n, v, w);
  }
  if (n > 0) diagonal[0] = data[0];
  return { diagonal, offDiagonal, reflectors: { vectors: a, factors } };
}

/** w = A v over the leading block as wide as v, reading only its lower triangle. */
function multiplyLower(data: Float64Array, n: number, v: Float64Array, w: Float64Array): void {
  w.fill(0, 0, v.length);
  for (let j = 0; j < v.length; j++) {
    const start = j * n;
    const vj = v[j];
    let sum = data[start + j] * vj;
    let other = 0;
    let k = 0;
    for (; k + 1 < j; k += 2) {
      const entry = data[start + k];
      const next = data[start + k + 1];
      sum += entry * v[k];
      other += next * v[k + 1];
      w[k] += entry * vj;
      w[k + 1] += next * vj;
    }
    if (k < j) {
      sum += data[start + k] * v[k];
      w[k] += data[start + k] * vj;
    }
    w[j] += sum + other;
  }
}

/** A -= v w^T + w v^T on the lower triangle of the leading block as wide as v. */
function subtractRankTwo(data: Float64Array, n: number, v: Float64Array, w: Float64Array): void {
  for (let j = 0; j < v.length; j++) {
    const start = j * n;
    const vj = v[j];
    const wj = w[j];
    for (let k = 0; k <= j; k++) data[start + k] -= vj * w[k] + wj * v[k];
  }
}

/** Q^T of the reduction, built from the smallest block outwards. */
export function transposedBasis(reflectors: Reflectors): Matrix {
  const { vectors, factors } = reflectors;
  const n = vectors.rows;
  const basis = matrix(n, n);
  for (let i = 0; i < n; i++) {
    if (factors[i] !== 0) {
      const v = vectors.data.subarray(i * n, i * n + i);
      for (let r = 0; r < i; r++) {
        const row = basis.data.subarray(r * n, r * n + i);
        const reach = factors[i] * dot(row, v);
        for (let k = 0; k < i; k++) row[k] -= reach * v[k];
      }
    }
    basis.data[i * n + i] = 1;
  }
  return basis;
}

const MAX_SWEEPS = 60;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL iteration with Wilkinson's shift, left unsorted in
 * `diagonal`; the rotations are applied to neighbouring rows of `rows`, which then contains the eigenvectors if it was
 * initially Q^T. Each eigenvalue errs by a small multiple of 2.2e-16 ||T||. Overwrites its arguments.
 * Source: Dubrulle 1970 (EISPACK imtql2).
 */
export function diagonalise({ diagonal: d, offDiagonal }: Tridiagonal, rows?: Matrix): void {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(offDiagonal.subarray(1));
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  // A coupling this small changes no eigenvalue visibly, however small its neighbours are.
  const negligible = Number.EPSILON * norm * 2 ** -10;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = nextSplit(d, e, l, negligible);
      if (m === l) break;
      if (sweep === MAX_SWEEPS) {
        throw runFault(`Eigenvalue ${l + 1} of ${n} did not converge`, '', 'Report this matrix as a defect');
      }
      sweepUp(d, e, l, m, rows);
    }
  }
}

/** The first index from `l` on whose coupling to the next is negligible. */
function nextSplit(d: Float64Array, e: Float64Array, l: number, negligible: number): number {
  let m = l;
  while (m < d.length - 1) {
    const coupling = Math.abs(e[m]);
    if (coupling <= negligible || coupling <= Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) break;
    m++;
  }
  return m;
}

function sweepUp(d: Float64Array, e: Float64Array, l: number, m: number, rows?: Matrix): void {
  const slope = (d[l + 1] - d[l]) / (2 * e[l]);
  const radius = Math.hypot(slope, 1);
  let g = d[m] - d[l] + e[l] / (slope + (slope >= 0 ? radius : -radius));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The bulge has vanished: the matrix splits here and the sweep ends early.
      d[i + 1] -= shift;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const t = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
    if (rows !== undefined)
      rotate(rows.data, i * rows.columns, (i + 1) * rows.columns, rows.columns, cosine, sine);
  }
  d[l] -= shift;
  e[l] = g;
  e[m] = 0;
}

function rotate(
  data: Float64Array,
  upper: number,
  lower: number,
  length: number,
  cosine: number,
  sine: number,
): void {
  for (let k = 0; k < length; k++) {
    const x = data[upper + k];
    const y = data[lower + k];
    data[lower + k] = sine * x + cosine * y;
    data[upper + k] = cosine * x - sine * y;
  }
}

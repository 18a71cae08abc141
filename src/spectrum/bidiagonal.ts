import { dot, type Matrix, matrix, rowOf, transpose } from './matrix.ts';
import { VANISHING } from './scale.ts';

/** An upper bidiagonal matrix: `superdiagonal[i]` stands above `diagonal[i]`; `superdiagonal[0]` is unused. */
export interface Bidiagonal {
  readonly diagonal: Float64Array;
  readonly superdiagonal: Float64Array;
}

/** Above this ratio of rows to columns a triangular factor first is less work (Chan 1982). */
const TALL = 5 / 3;

/**
 * Householder reduction of a tall matrix (rows >= columns), scaled to 1, to upper bidiagonal form with the same singular values.
 * Overwrites `a`. Source: Golub and Kahan 1965; Golub and Van Loan, Matrix Computations, 5.4.
 */
export function bidiagonalise(a: Matrix): Bidiagonal {
  const square = a.rows > TALL * a.columns ? triangularFactor(a) : a;
  const { rows, columns, data } = square;
  const diagonal = new Float64Array(columns);
  const superdiagonal = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    diagonal[k] = eliminateColumn(square, k);
    if (k + 1 === columns) break;
    const v = data.subarray(k * columns + k + 1, (k + 1) * columns);
    const { factor, alpha } = reflect(v);
    superdiagonal[k + 1] = alpha;
    if (factor === 0) continue;
    for (let i = k + 1; i < rows; i++) {
      const row = data.subarray(i * columns + k + 1, (i + 1) * columns);
      const reach = factor * dot(v, row);
      for (let j = 0; j < v.length; j++) row[j] -= reach * v[j];
    }
  }
  return { diagonal, superdiagonal };
}

/** Rows folded into R at a time: few enough to stay in the processor's cache. */
const FOLD = 128;

/** R of A = Q R (columns x columns), by folding blocks of rows into it one after the other. */
function triangularFactor(a: Matrix): Matrix {
  const n = a.columns;
  const r = matrix(n, n);
  for (let from = 0; from < a.rows; from += FOLD) {
    const height = Math.min(FOLD, a.rows - from);
    const block = transpose(matrix(height, n, a.data.subarray(from * n, (from + height) * n)));
    foldRows(r, block);
  }
  return r;
}

/** R of [R; block^T]: reflection k mixes row k of R with the block only. Overwrites both. */
function foldRows(r: Matrix, block: Matrix): void {
  const n = r.columns;
  const height = block.columns;
  const v = new Float64Array(height + 1);
  const below = v.subarray(1);
  for (let k = 0; k < n; k++) {
    v[0] = r.data[k * n + k];
    below.set(rowOf(block, k));
    const { factor, alpha } = reflect(v);
    r.data[k * n + k] = alpha;
    if (factor === 0) continue;
    reflectColumns(r.data.subarray(k * n, (k + 1) * n), block.data, v, factor, k + 1);
  }
}

/** Applies I - factor v v^T to the columns from `from` on of [top; block^T], four sums at a time. */
function reflectColumns(
  top: Float64Array,
  block: Float64Array,
  v: Float64Array,
  factor: number,
  from: number,
): void {
  const height = v.length - 1;
  for (let j = from; j < top.length; j++) {
    const start = j * height - 1;
    let a = v[0] * top[j];
    let b = 0;
    let c = 0;
    let d = 0;
    let i = 1;
    for (; i + 3 <= height; i += 4) {
      a += v[i] * block[start + i];
      b += v[i + 1] * block[start + i + 1];
      c += v[i + 2] * block[start + i + 2];
      d += v[i + 3] * block[start + i + 3];
    }
    for (; i <= height; i++) a += v[i] * block[start + i];
    const reach = factor * (a + b + (c + d));
    top[j] -= reach * v[0];
    for (let k = 1; k <= height; k++) block[start + k] -= reach * v[k];
  }
}

/** Reflects rows k.. so that column k vanishes below row k, and returns what stands at (k, k). */
function eliminateColumn({ rows, columns, data }: Matrix, k: number): number {
  const v = new Float64Array(rows - k);
  for (let i = k; i < rows; i++) v[i - k] = data[i * columns + k];
  const { factor, alpha } = reflect(v);
  if (factor === 0) return alpha;
  const from = k + 1;
  const reach = new Float64Array(columns - from);
  for (let i = 0; i < v.length; i++) {
    const weight = factor * v[i];
    const start = (k + i) * columns + from;
    for (let j = 0; j < reach.length; j++) reach[j] += weight * data[start + j];
  }
  for (let i = 0; i < v.length; i++) {
    const weight = v[i];
    const start = (k + i) * columns + from;
    for (let j = 0; j < reach.length; j++) data[start + j] -= weight * reach[j];
  }
  return alpha;
}

/**
 * Turns x into the Householder vector v with (I - factor v v^T) x = alpha e_0. The factor is 0 when x needs no
 * reflection.
 */
function reflect(x: Float64Array): { factor: number; alpha: number } {
  const first = x[0];
  const others = x.subarray(1);
  const rest = dot(others, others);
  if (rest < VANISHING) return { factor: 0, alpha: first };
  const norm = Math.sqrt(rest + first * first);
  const alpha = first > 0 ? -norm : norm;
  x[0] = first - alpha;
  return { factor: 1 / (norm * (norm + Math.abs(first))), alpha };
}

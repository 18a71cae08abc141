import { type Matrix, matrix } from '../matrix.ts';

/** A chunk of samples, row-major. */
export type Rows = Float32Array | Float64Array;

/** Samples worked on at a time: the packed block of 512 dimensions then fits the second-level cache. */
export const BLOCK = 64;

/** The kernel works on 2 x 4 entries at a time; sides are padded to a multiple of this with zeros. */
export const padded = (dimensions: number): number => Math.ceil(dimensions / 4) * 4;

/**
 * Packs samples `from` up to `to` (at most `BLOCK`), minus `shift`, column by column into `packed`
 * (padded(d) x BLOCK), so that inner products over samples run along memory. Unused samples are 0.
 */
export function pack(rows: Rows, from: number, to: number, shift: Float64Array, packed: Float64Array): void {
  const d = shift.length;
  packed.fill(0);
  for (let i = from; i < to; i++) {
    for (let j = 0; j < d; j++) packed[j * BLOCK + i - from] = rows[i * d + j] - shift[j];
  }
}

/** sum += X^T X for packed X: only the entries on and above the diagonal of `sum` are complete. */
export const addSquare = (sum: Float64Array, x: Float64Array): void =>
  addInnerProducts(sum, x, x, BLOCK, true);

/**
 * sum_ij += x_i . y_j over the consecutive vectors of `length` in x and in y, a multiple of 4 in each. With
 * `upper` (x = y), tiles below the diagonal are left out.
 */
export function addInnerProducts(
  sum: Float64Array,
  x: Float64Array,
  y: Float64Array,
  length: number,
  upper: boolean,
): void {
  const rows = x.length / length;
  const columns = y.length / length;
  for (let i = 0; i < rows; i += 2) {
    for (let j = upper ? i & ~3 : 0; j < columns; j += 4) addTile(sum, columns, x, i, y, j, length);
  }
}

/** The 2 x 4 tile at (i, j): eight sums stay in registers while the vectors are read. */
function addTile(
  sum: Float64Array,
  stride: number,
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
  length: number,
): void {
  const x0 = i * length;
  const x1 = x0 + length;
  const y0 = j * length;
  const y1 = y0 + length;
  const y2 = y1 + length;
  const y3 = y2 + length;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < length; k++) {
    const a = x[x0 + k];
    const b = x[x1 + k];
    const p = y[y0 + k];
    const q = y[y1 + k];
    const r = y[y2 + k];
    const s = y[y3 + k];
    s00 += a * p;
    s01 += a * q;
    s02 += a * r;
    s03 += a * s;
    s10 += b * p;
    s11 += b * q;
    s12 += b * r;
    s13 += b * s;
  }
  const top = i * stride + j;
  const bottom = top + stride;
  sum[top] += s00;
  sum[top + 1] += s01;
  sum[top + 2] += s02;
  sum[top + 3] += s03;
  sum[bottom] += s10;
  sum[bottom + 1] += s11;
  sum[bottom + 2] += s12;
  sum[bottom + 3] += s13;
}

/** A padded sum without its padding; the lower triangle is mirrored from the upper when `symmetric`. */
export function unpadded(sum: Float64Array, rows: number, columns: number, symmetric: boolean): Matrix {
  const stride = padded(columns);
  const result = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const source = symmetric && j < i ? j * stride + i : i * stride + j;
      result.data[i * columns + j] = sum[source];
    }
  }
  return result;
}

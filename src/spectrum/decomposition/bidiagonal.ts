import { dot, type Matrix } from '../matrix.ts';
import { columnsFrom, paddedCount, type ReflectionKernel, withKernel } from '../wasm/reflectionKernel.ts';
import { reflection } from './householder.ts';
import { triangularFactor } from './triangularFactor.ts';

/** An upper bidiagonal matrix: `superdiagonal[i]` is above `diagonal[i]`; `superdiagonal[0]` is unused. */
export interface Bidiagonal {
  readonly diagonal: Float64Array;
  readonly superdiagonal: Float64Array;
}

/** Above this ratio of the sides computing a triangular factor first is less work (Chan 1982). */
const TALL = 5 / 3;

/**
 * Householder reduction of s A, whose largest entry should be near 1, to upper bidiagonal form with the same
 * singular values, as many as the smaller side. One pass over the matrix for each column: the last two
 * reflections are applied to a few columns at a time, and while these are in the cache the products for the
 * next two are formed. `check` is called before each and throws to stop. Source: Golub and Kahan 1965;
 * Howell, Demmel, Fulton, Hammarling and Marmol 2008 (the single pass).
 */
export function bidiagonalise(a: Matrix, s: number, check: () => void): Bidiagonal {
  // The rows of a wide matrix are the columns of its transpose, which serves equally well.
  const wide = a.rows < a.columns;
  const [columns, rows] = wide ? [a.rows, a.columns] : [a.columns, a.rows];
  if (columns > 0 && rows > TALL * columns) return bidiagonalise(triangularFactor(a, s, check), 1, check);
  const count = paddedCount(columns);
  const stride = columnStride(rows);
  return withKernel(count * stride + 4 * stride + 4 * count, (kernel, data) => {
    for (let j = 0; j < columns; j++) {
      for (let i = 0; i < rows; i++) data[j * stride + i] = s * a.data[wide ? j * rows + i : i * columns + j];
    }
    const vectors = data.subarray(count * stride);
    const pending = updateIn(vectors, stride, count);
    const next = updateIn(vectors.subarray(2 * stride + 2 * count), stride, count);
    return reduce({ kernel, data, rows, columns, count, stride }, pending, next, check);
  });
}

/**
 * Columns begin at an even entry; not at multiples of a large power of two, where they would evict each other
 * from the cache.
 */
function columnStride(rows: number): number {
  const even = rows + (rows % 2);
  return even % 128 === 0 ? even + 8 : even;
}

/** The matrix by columns in the kernel's memory. */
interface Columns {
  readonly kernel: ReflectionKernel;
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Including columns of zeros, up to a count that the kernel accepts. */
  readonly count: number;
  readonly stride: number;
}

/** Reflections from the left and from the right, together: A - u y^T - x v^T. */
interface Update {
  readonly u: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly v: Float64Array;
}

function updateIn(space: Float64Array, stride: number, count: number): Update {
  const [u, x] = [space.subarray(0, stride), space.subarray(stride, 2 * stride)];
  const behind = space.subarray(2 * stride);
  return { u, x, y: behind.subarray(0, count), v: behind.subarray(count, 2 * count) };
}

function reduce(a: Columns, pending: Update, next: Update, check: () => void): Bidiagonal {
  const diagonal = new Float64Array(a.columns);
  const superdiagonal = new Float64Array(a.columns);
  let [old, fresh] = [pending, next];
  for (let k = 0; k < a.columns; k++) {
    check();
    takeColumn(a, k, old, fresh.u);
    const left = reflection(fresh.u.subarray(k, a.rows));
    diagonal[k] = left.alpha;
    if (k + 1 === a.columns) break;
    sweep(a, k, left.factor, old, fresh);
    superdiagonal[k + 1] = reflectRow(a, k, fresh);
    [old, fresh] = [fresh, old];
  }
  return { diagonal, superdiagonal };
}

/**
 * Moves column k below row k, with the pending update, to `target`. What is left of it counts as zero from
 * then on.
 */
function takeColumn(
  { data, stride, rows }: Columns,
  k: number,
  { u, x, y, v }: Update,
  target: Float64Array,
): void {
  const column = data.subarray(k * stride, k * stride + rows);
  target.fill(0);
  for (let i = k; i < rows; i++) target[i] = column[i] - u[i] * y[k] - x[i] * v[k];
  column.fill(0);
  y[k] = 0;
  v[k] = 0;
}

/**
 * Brings the other columns up to date, with y and the row v of the reflection `fresh.u`, and x = A v before
 * it.
 */
function sweep(a: Columns, k: number, factor: number, old: Update, fresh: Update): void {
  const row = k - (k % 2);
  const column = columnsFrom(k + 1);
  fresh.x.fill(0);
  a.kernel.sweep(
    8 * (column * a.stride + row),
    8 * a.count * a.stride,
    8 * a.stride,
    8 * (a.rows + (a.rows % 2) - row),
    old.u.byteOffset + 8 * row,
    old.x.byteOffset + 8 * row,
    old.y.byteOffset + 8 * column,
    old.v.byteOffset + 8 * column,
    fresh.u.byteOffset + 8 * row,
    fresh.x.byteOffset + 8 * row,
    fresh.y.byteOffset + 8 * column,
    fresh.v.byteOffset + 8 * column,
    8 * (k - row),
    factor,
    fresh.u[k],
  );
}

/**
 * Turns the row v into the reflection from the right, and x = A v into what that reflection subtracts.
 * Returns what remains.
 */
function reflectRow({ data, stride, rows, columns }: Columns, k: number, { u, x, y, v }: Update): number {
  const from = k + 1;
  const row = v.subarray(from, columns);
  const reach = dot(row, y.subarray(from, columns));
  const { factor, alpha } = reflection(row);
  const column = data.subarray(from * stride, from * stride + rows);
  x.fill(0, 0, from);
  // The reflection's vector is the row minus alpha in its first entry; the reflection from the left is not
  // yet applied to A.
  const left = reach - alpha * y[from];
  for (let i = from; i < rows; i++) x[i] = factor * (x[i] - alpha * column[i] - left * u[i]);
  return alpha;
}

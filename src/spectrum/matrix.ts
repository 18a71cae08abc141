/** A dense matrix of float64, row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A rows x columns matrix over `data` (not copied), or of zeros. */
export function matrix(rows: number, columns: number, data?: Float64Array): Matrix {
  const entries = data ?? new Float64Array(rows * columns);
  if (entries.length !== rows * columns) {
    throw new RangeError(`${entries.length} entries do not fill a ${rows} x ${columns} matrix`);
  }
  return { rows, columns, data: entries };
}

/** A matrix from its rows, or from the rows of a nested array; all rows have the length of the first. */
export function matrixOfRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows.length === 0 ? 0 : rows[0].length;
  const result = matrix(rows.length, columns);
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns) throw new RangeError(`row ${i} has ${row.length} entries, not ${columns}`);
    result.data.set(row, i * columns);
  }
  return result;
}

/** A float64 matrix from float32 or float64 entries (copied). */
export const matrixOf = (rows: number, columns: number, entries: ArrayLike<number>): Matrix =>
  matrix(rows, columns, Float64Array.from(entries));

export const rowOf = (a: Matrix, i: number): Float64Array =>
  a.data.subarray(i * a.columns, (i + 1) * a.columns);

export function transpose(a: Matrix): Matrix {
  const result = matrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) result.data[j * a.rows + i] = a.data[i * a.columns + j];
  }
  return result;
}

/** s A. */
export const scaled = (a: Matrix, s: number): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((x) => s * x),
  );

/** x . y over the first `length` entries (all of x by default). */
export function dot(x: Float64Array, y: Float64Array, length = x.length): number {
  // Four sums, because a single one would wait for each addition before the next.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < length; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

/** tr A of a square matrix. */
export function trace(a: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) sum += a.data[i * a.columns + i];
  return sum;
}

/** ||A||_F^2, the sum of the squared entries. */
export const squaredNorm = (a: Matrix): number => dot(a.data, a.data);

/** A copy with the column means subtracted. */
export function centred(a: Matrix): Matrix {
  const mean = meanOfRows(a.data, a.columns);
  const result = matrix(a.rows, a.columns, a.data.slice());
  for (let i = 0; i < a.rows; i++) {
    const row = rowOf(result, i);
    for (let j = 0; j < row.length; j++) row[j] -= mean[j];
  }
  return result;
}

/**
 * Column means of samples x dimensions entries, row-major. Taken relative to the first sample, so that the mean of a
 * constant column is that constant exactly and is exactly 0 after centring.
 */
export function meanOfRows(rows: Float32Array | Float64Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  if (rows.length === 0) return mean;
  const count = rows.length / dimensions;
  for (let k = 0; k < rows.length; k += dimensions) {
    for (let j = 0; j < dimensions; j++) mean[j] += (rows[k + j] - rows[j]) / count;
  }
  return mean.map((offset, j) => offset + rows[j]);
}

/** (A + A^T) / 2, which removes the rounding from a product that is mathematically symmetric. */
export function symmetrised(a: Matrix): Matrix {
  const n = a.rows;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result.data[i * n + j] = (a.data[i * n + j] + a.data[j * n + i]) / 2;
  }
  return result;
}

export const shapeOf = (a: Matrix): string => `${a.rows} x ${a.columns}`;

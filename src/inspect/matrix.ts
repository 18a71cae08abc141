import { float64, type TensorData } from '../runtime/index.ts';

/** Samples x dimensions, row-major. Representations are kept in float32 and worked on in float64. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** A matrix in float64, as `spectrum` takes it. */
export interface DoubleMatrix extends Matrix {
  readonly data: Float64Array;
}

export const matrix = <Data extends Float32Array | Float64Array>(
  rows: number,
  columns: number,
  data: Data,
) => ({ rows, columns, data });

export const rowOf = (m: Matrix, row: number): Float32Array | Float64Array =>
  m.data.subarray(row * m.columns, (row + 1) * m.columns);

export const rowsOf = (m: Matrix, from: number, to: number): Matrix =>
  matrix(to - from, m.columns, m.data.subarray(from * m.columns, to * m.columns));

export const toDouble = (m: Matrix): DoubleMatrix =>
  matrix(m.rows, m.columns, m.data instanceof Float64Array ? m.data : Float64Array.from(m.data));

export const toTensor = (m: Matrix): TensorData => float64([m.rows, m.columns], toDouble(m).data);

/** Mean of every column: [columns]. */
export const columnMeans = (m: Matrix): Float64Array => {
  const means = new Float64Array(m.columns);
  for (let i = 0; i < m.rows; i++) {
    const offset = i * m.columns;
    for (let j = 0; j < m.columns; j++) means[j] += m.data[offset + j];
  }
  return means.map((sum) => sum / m.rows);
};

/** Column means taken away. */
export const centreColumns = (m: Matrix): DoubleMatrix => {
  const mean = columnMeans(m);
  return matrix(
    m.rows,
    m.columns,
    Float64Array.from(m.data, (value, at) => value - mean[at % m.columns]),
  );
};

/** Every row divided by its Euclidean length; a zero row stays zero. */
export const normaliseRows = (m: Matrix): DoubleMatrix => {
  const data = new Float64Array(m.data.length);
  for (let i = 0; i < m.rows; i++) {
    const offset = i * m.columns;
    let squares = 0;
    for (let j = 0; j < m.columns; j++) squares += m.data[offset + j] ** 2;
    const length = Math.sqrt(squares);
    if (length === 0) continue;
    for (let j = 0; j < m.columns; j++) data[offset + j] = m.data[offset + j] / length;
  }
  return matrix(m.rows, m.columns, data);
};

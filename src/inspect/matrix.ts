import { float64, type TensorData } from '../runtime/index.ts';
import type { Matrix as DoubleMatrix } from '../spectrum/index.ts';

/** Samples x dimensions, row-major. Representations are kept in float32 and worked on in float64. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** A matrix in float64, as `spectrum` takes it. */
export type { DoubleMatrix };

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

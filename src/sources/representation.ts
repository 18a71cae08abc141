import { float64, type TensorData } from '../runtime/index.ts';
import { type Matrix, matrix } from '../spectrum/index.ts';

/**
 * Samples x dimensions at a layer, row-major. Stored in float32, as the network computes it, and processed in
 * float64; every `Matrix` is also one.
 */
export interface Representation {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** Representations of the same samples, by layer name. */
export type Representations = ReadonlyMap<string, Representation>;

/** In float32: over `data` (not copied), or zeros. */
export const representation = (
  rows: number,
  columns: number,
  data: Float32Array = new Float32Array(rows * columns),
): Representation => ({ rows, columns, data });

/** Rows `from` up to `to`, not copied. */
export const rowsOf = ({ columns, data }: Representation, from: number, to: number): Representation => ({
  rows: to - from,
  columns,
  data: data.subarray(from * columns, to * columns),
});

/** In float64; not copied when it already is. */
export const toMatrix = ({ rows, columns, data }: Representation): Matrix =>
  matrix(rows, columns, data instanceof Float64Array ? data : Float64Array.from(data));

export const toTensor = (r: Representation): TensorData => float64([r.rows, r.columns], toMatrix(r).data);

/** Plain values that are exchanged between the host language and a program: row-major, tightly packed. */
export interface TensorData {
  readonly dtype: 'float32' | 'int32' | 'float64';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Float64Array;
}

export const float32 = (shape: readonly number[], data: Float32Array): TensorData => ({
  dtype: 'float32',
  shape,
  data,
});
export const float64 = (shape: readonly number[], data: Float64Array): TensorData => ({
  dtype: 'float64',
  shape,
  data,
});
export const int32 = (shape: readonly number[], data: Int32Array): TensorData => ({
  dtype: 'int32',
  shape,
  data,
});

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

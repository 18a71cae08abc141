/**
 * What a checkpoint file holds, whatever its format. `dtype` names what is on disk; `data` is the nearest typed
 * array: float16 and bfloat16 widen to Float32Array (exact), bool is a Uint8Array of 0 and 1, and 64-bit integers
 * become a Float64Array, which readers fill only when every value is below 2^53 (exact) and refuse otherwise.
 */
export type ElementType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64';

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Row-major and tightly packed; `data.length` is the product of `shape`. */
export interface StoredTensor {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: NumericArray;
}

export interface StoredStrings {
  readonly dtype: 'string';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/**
 * Number of elements of a shape, or null when it is no longer an exact integer (2^53 and above). A zero extent makes
 * it 0, however large the others are.
 */
export const elementCount = (shape: readonly number[]): number | null => {
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, extent) => product * extent, 1);
  return Number.isSafeInteger(count) ? count : null;
};

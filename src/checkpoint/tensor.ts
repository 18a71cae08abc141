/** Elements of whole bytes that a typed array or a usual widening holds. */
export type PlainType =
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

/** Elements of a byte or less, read with a table of their codes. */
export type NarrowType =
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float4_e2m1'
  | 'int4'
  | 'uint4'
  | 'int2'
  | 'uint2';

/**
 * Element types of checkpoint files of all formats. `dtype` names what is on disk; `data` is the nearest typed
 * array: floats below 32 bits widen to Float32Array (exact), bool is a Uint8Array of 0 and 1, integers below 8 bits
 * are an Int8Array or Uint8Array, and 64-bit integers become a Float64Array, which readers fill only when every
 * value is below 2^53 (exact) and refuse otherwise.
 */
export type ElementType = PlainType | NarrowType;

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

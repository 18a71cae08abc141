import type { TensorEntry } from '../checkpoint.ts';
import type { Scaling } from './scaling.ts';

export type Tensors = ReadonlyMap<string, TensorEntry>;

/** Spellings of safetensors, PyTorch's storages and its dtypes, NumPy and ONNX. */
export const INT32 = /^(?:i32|u32|(?:torch\.)?u?int32|intstorage)$/i;
export const BYTE = /^(?:u8|(?:torch\.)?uint8|bytestorage|[|<>=]?u1)$/i;
export const INT8 = /^(?:i8|(?:torch\.)?int8|charstorage|[|<>=]?i1)$/i;
/** Floats of a byte or less with a mantissa: nobody stores weights as exponents alone. */
export const NARROW_FLOAT = /^(?:f8_e[45]\w*|f4|(?:torch\.)?float(?:8_?e[45]|4_?e2)\w*)$/i;
export const EXPONENTS = /^(?:f8_e8m0|(?:torch\.)?float8_?e8m0\w*)$/i;
export const FOUR_BITS = /^(?:f4|u?int4|float4_?e2\w*)$/i;

/** Tensors of one quantised layer: the one with its numbers, and what else is stored for it. */
export interface Found {
  /** What the tensor contains, for when it is not read: `packed 4-bit integers`. */
  readonly what: string;
  readonly scheme: string;
  /** Names of the tensors that belong to it, whether they exist or not. */
  readonly details: readonly string[];
  /** How it is read; absent if it is only listed. */
  readonly scaling?: Scaling;
}

/** Examines one tensor: recognises a quantised layer by the end of its name, its dtype and its siblings. */
export type Rule = (entry: TensorEntry, tensors: Tensors) => Found | null;

/** The name without its end, which must be a whole word; or null. */
export const stem = (name: string, end: string): string | null =>
  name === end || name.endsWith(`.${end}`) || (end.startsWith('_') && name.endsWith(end))
    ? name.slice(0, name.length - end.length)
    : null;

export const named = (start: string, ends: readonly string[]): string[] => ends.map((end) => start + end);

const WHOLE_BITS = new Set([2, 3, 4, 8]);

/** The number of bits is named if it is valid. */
export const integers = (bits: number): string =>
  `packed ${WHOLE_BITS.has(bits) ? `${bits}-bit ` : ''}integers`;

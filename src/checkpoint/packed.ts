import type { Checkpoint, TensorEntry } from './checkpoint.ts';

type Tensors = ReadonlyMap<string, TensorEntry>;

/** Spellings of safetensors, PyTorch's storages and its dtypes. */
const INT32 = /^(?:i32|u32|(?:torch\.)?u?int32|intstorage)$/i;
const BYTE = /^(?:u8|(?:torch\.)?uint8|bytestorage)$/i;
const INT8 = /^(?:i8|(?:torch\.)?int8|charstorage)$/i;
const FLOAT8 = /^(?:f8_\w+|(?:torch\.)?float8_\w+)$/i;

/** Tensors of one quantised layer: the packed one, and what else is stored for it. */
interface Found {
  /** What the packed one holds: `packed 4-bit integers`. */
  readonly what: string;
  readonly scheme: string;
  readonly details: readonly string[];
}

const WHOLE_BITS = new Set([2, 3, 4, 8]);

/** The number of bits is said when it is a sound one. */
const integers = (bits: number): string => `packed ${WHOLE_BITS.has(bits) ? `${bits}-bit ` : ''}integers`;

/** Looks at one tensor: it recognises the packed one of a layer by its name's end, its dtype and its siblings. */
type Rule = (entry: TensorEntry, tensors: Tensors) => Found | null;

const stem = (name: string, end: string): string | null =>
  name === end || name.endsWith(`.${end}`) || (end.startsWith('_') && name.endsWith(end))
    ? name.slice(0, name.length - end.length)
    : null;

const named = (start: string, ends: readonly string[]): string[] => ends.map((end) => start + end);

/**
 * GPTQ packs along the inputs (`qweight` is inputs * bits / 32 by outputs, `g_idx` one number for each input), AWQ
 * along the outputs (8 of 4 bits to a number, `scales` groups by outputs). AutoGPTQ and AutoAWQ, their qlinear modules.
 */
const qweight: Rule = ({ name, dtype, shape }, tensors) => {
  const start = stem(name, 'qweight');
  const scales = start === null ? undefined : tensors.get(`${start}scales`);
  if (start === null || !INT32.test(dtype) || scales === undefined) return null;
  const inputs = tensors.get(`${start}g_idx`)?.shape[0];
  const bits = inputs === undefined ? Number.NaN : (shape[0] * 32) / inputs;
  const [outputs, columns] = [scales.shape.at(-1), shape.at(-1)];
  const isAwq = inputs === undefined && columns !== undefined && columns * 8 === outputs;
  const details = named(start, ['scales', 'qzeros', 'g_idx']);
  if (isAwq) return { what: integers(4), scheme: 'AWQ', details };
  return { what: integers(bits), scheme: inputs === undefined ? 'GPTQ or AWQ' : 'GPTQ', details };
};

/** bitsandbytes, 4 bits: bytes named `weight`, and what QuantState.as_dict(packed=True) puts beside them. */
const fourBits: Rule = ({ name, dtype }, tensors) => {
  if (!BYTE.test(dtype) || !tensors.has(`${name}.absmax`)) return null;
  const states = ['bitsandbytes__nf4', 'bitsandbytes__fp4'].map((state) => `quant_state.${state}`);
  const details = ['absmax', 'quant_map', 'nested_absmax', 'nested_quant_map', ...states];
  return { what: integers(4), scheme: 'bitsandbytes', details: named(`${name}.`, details) };
};

/** bitsandbytes, 8 bits (LLM.int8()): `SCB` holds each row's scale. */
const int8: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, 'weight');
  if (start === null || !INT8.test(dtype) || !tensors.has(`${start}SCB`)) return null;
  const details = named(start, ['SCB', 'weight_format']);
  return { what: 'unscaled 8-bit integers', scheme: 'bitsandbytes', details };
};

/** MXFP4 of gpt-oss: two numbers to a byte, and a byte of exponent for each 32 (OCP Microscaling, 5.3). */
const mxfp4: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, '_blocks');
  if (start === null || !BYTE.test(dtype) || !tensors.has(`${start}_scales`)) return null;
  return { what: 'packed 4-bit numbers', scheme: 'MXFP4', details: [`${start}_scales`] };
};

const COMPRESSED = [
  'weight_scale',
  'weight_shape',
  'weight_zero_point',
  'weight_g_idx',
  'weight_global_scale',
];

/** compressed-tensors, pack-quantized (int32, with the true shape beside it) and nvfp4-pack-quantized (bytes). */
const compressed: Rule = ({ name, dtype, shape }, tensors) => {
  const start = stem(name, 'weight_packed');
  if (start === null || !tensors.has(`${start}weight_scale`)) return null;
  if (!INT32.test(dtype) && !BYTE.test(dtype)) return null;
  const details = named(start, [...COMPRESSED, 'input_global_scale']);
  if (BYTE.test(dtype)) return { what: 'packed 4-bit numbers', scheme: 'NVFP4', details };
  // The true width is a value of weight_shape, not in the header; a group index has one number for each input.
  const inputs = tensors.get(`${start}weight_g_idx`)?.shape[0];
  const bits = inputs === undefined ? Number.NaN : ((shape.at(-1) ?? 0) * 32) / inputs;
  return { what: integers(bits), scheme: 'compressed-tensors', details };
};

/** Eight bits and a scale apart: compressed-tensors' int- and float-quantized, and DeepSeek's FP8 in blocks. */
const scaled: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, 'weight');
  if (start === null || !(INT8.test(dtype) || FLOAT8.test(dtype))) return null;
  const details = named(start, [...COMPRESSED, 'weight_scale_inv', 'input_scale']);
  if (!tensors.has(`${start}weight_scale`) && !tensors.has(`${start}weight_scale_inv`)) return null;
  const isInteger = INT8.test(dtype);
  const what = `unscaled 8-bit ${isInteger ? 'integers' : 'numbers'}`;
  return { what, scheme: isInteger ? 'compressed-tensors' : 'FP8', details };
};

/** HQQ: `W_q` in bytes, or ten 3-bit numbers to an int32, with the group's zero and scale. */
const hqq: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, 'W_q');
  const isPacked = BYTE.test(dtype) || INT32.test(dtype);
  if (start === null || !isPacked || !tensors.has(`${start}scale`) || !tensors.has(`${start}zero`))
    return null;
  const settings = ['nbits', 'group_size', 'axis', 'shape', 'packing', 'channel_wise', 'optimize'];
  const flags = ['view_as_float', 'unpack_view_dtype', 'compute_dtype', 'quant_zero', 'quant_scale'];
  const details = named(start, ['scale', 'zero', ...settings, ...flags]);
  return { what: integers(INT32.test(dtype) ? 3 : Number.NaN), scheme: 'HQQ', details };
};

/** MLX: `weight` in 32-bit words, with `scales` and `biases` of each group. */
const mlx: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, 'weight');
  if (start === null || !INT32.test(dtype)) return null;
  const details = named(start, ['scales', 'biases']);
  const isWhole = details.every((each) => tensors.has(each));
  return isWhole ? { what: integers(Number.NaN), scheme: 'MLX', details } : null;
};

const RULES: readonly Rule[] = [qweight, fourBits, int8, mxfp4, compressed, scaled, hqq, mlx];

const firstOf = (entry: TensorEntry, tensors: Tensors): Found | null => {
  for (const rule of RULES) {
    const found = rule(entry, tensors);
    if (found !== null) return found;
  }
  return null;
};

/**
 * Tensors of a checkpoint that are no weights although their dtype is an ordinary one, by name, each with a reason
 * that can follow its name: integers that a quantiser packed, and the scales and tables that belong to them. Only
 * names, dtypes and shapes are looked at, and a tensor counts only together with the siblings that its scheme stores.
 * The number of bits is given where they tell it. A spectrum of such tensors would mean nothing.
 */
export const packedQuantisation = ({ tensors }: Pick<Checkpoint, 'tensors'>): Map<string, string> => {
  const reasons = new Map<string, string>();
  for (const entry of tensors.values()) {
    const found = firstOf(entry, tensors);
    if (found === null) continue;
    const { what, scheme, details } = found;
    reasons.set(entry.name, `holds ${what} (${scheme}), not weights`);
    for (const detail of details) {
      if (tensors.has(detail)) reasons.set(detail, `belongs to ${what} (${scheme}), not to the weights`);
    }
  }
  return reasons;
};

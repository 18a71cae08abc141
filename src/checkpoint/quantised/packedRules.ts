import { BYTE, INT8, INT32, integers, named, type Rule, stem } from './rule.ts';

/**
 * GPTQ packs along the inputs (`qweight` is inputs * bits / 32 by outputs, `g_idx` one number for each input), AWQ
 * along the outputs (eight 4-bit numbers in one, `scales` groups by outputs). AutoGPTQ and AutoAWQ, their qlinear
 * modules.
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

/** bitsandbytes, 4 bits: bytes named `weight`, and what QuantState.as_dict(packed=True) stores beside them. */
const fourBits: Rule = ({ name, dtype }, tensors) => {
  if (!BYTE.test(dtype) || !tensors.has(`${name}.absmax`)) return null;
  const states = ['bitsandbytes__nf4', 'bitsandbytes__fp4'].map((state) => `quant_state.${state}`);
  const details = ['absmax', 'quant_map', 'nested_absmax', 'nested_quant_map', ...states];
  return { what: integers(4), scheme: 'bitsandbytes', details: named(`${name}.`, details) };
};

const COMPRESSED = [
  'weight_scale',
  'weight_shape',
  'weight_zero_point',
  'weight_g_idx',
  'weight_global_scale',
];

/** compressed-tensors, pack-quantized: int32, with the original shape beside it. */
const compressed: Rule = ({ name, dtype, shape }, tensors) => {
  const start = stem(name, 'weight_packed');
  if (start === null || !INT32.test(dtype) || !tensors.has(`${start}weight_scale`)) return null;
  const details = named(start, [...COMPRESSED, 'input_global_scale']);
  // The original width is a value in weight_shape, not in the header; a group index has one number for each input.
  const inputs = tensors.get(`${start}weight_g_idx`)?.shape[0];
  const bits = inputs === undefined ? Number.NaN : ((shape.at(-1) ?? 0) * 32) / inputs;
  return { what: integers(bits), scheme: 'compressed-tensors', details };
};

/** HQQ: `W_q` in bytes, or ten 3-bit numbers per int32, with the group's zero and scale. */
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

/** EETQ: bytes in an order specific to its kernels, with a scale for each output. */
const eetq: Rule = ({ name, dtype }, tensors) => {
  const start = stem(name, 'weight') ?? stem(name, 'qweight');
  if (start === null || !INT8.test(dtype) || !tensors.has(`${start}weight_scales`)) return null;
  return { what: 'interleaved 8-bit integers', scheme: 'EETQ', details: [`${start}weight_scales`] };
};

/** Bytes under a weight's name with a scale beside them: two 4-bit numbers each, in an unknown order. */
export const BYTES_WITH_SCALE: Rule = ({ name, dtype, shape }, tensors) => {
  if (!BYTE.test(dtype) || shape.length < 2) return null;
  const start = stem(name, '_data') ?? name;
  if (!tensors.has(`${name}_scale`) && !tensors.has(`${start}_scale`)) return null;
  const ends = ['_scale', '_scale_2', '_zero_point', '_shift', '_zeropoint', '_global_scale'];
  const details = [...named(name, ends), ...named(start, ends)];
  return { what: 'packed numbers with a scale', scheme: 'ModelOpt, quanto or torchao', details };
};

/** Layouts that are listed but not read. */
export const PACKED_RULES: readonly Rule[] = [qweight, fourBits, compressed, hqq, mlx, eetq];

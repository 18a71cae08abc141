import type { TensorEntry } from '../checkpoint.ts';
import { kerasInt8 } from './kerasRule.ts';
import { BYTE, INT8, INT32, NARROW_FLOAT, named, type Rule, stem, type Tensors } from './rule.ts';

const isEightBit = ({ dtype }: TensorEntry): boolean => INT8.test(dtype) || NARROW_FLOAT.test(dtype);

const unscaled = ({ dtype }: TensorEntry): string =>
  `unscaled 8-bit ${INT8.test(dtype) ? 'integers' : 'numbers'}`;

/** LLM.int8() stores each row times 127 over its largest value, which is in `SCB` (bitsandbytes, functional.py). */
const llmInt8: Rule = (entry, tensors) => {
  const start = stem(entry.name, 'weight');
  if (start === null || !INT8.test(entry.dtype) || !tensors.has(`${start}SCB`)) return null;
  const layout = `${start}weight_format`;
  const otherwise = 'is laid out for the tiles of a GPU (weight_format), which is not read here';
  return {
    what: unscaled(entry),
    scheme: 'bitsandbytes',
    details: named(start, ['SCB', 'weight_format']),
    scaling: {
      scheme: 'bitsandbytes',
      scale: `${start}SCB`,
      constant: 1 / 127,
      ...(tensors.has(layout) ? { condition: { tensor: layout, value: 0, otherwise } } : {}),
    },
  };
};

/** The scaled FP8 of ComfyUI: one number per layer, `scale_weight`. */
const comfy: Rule = (entry, tensors) => {
  const start = stem(entry.name, 'weight');
  if (start === null || !NARROW_FLOAT.test(entry.dtype) || !tensors.has(`${start}scale_weight`)) return null;
  return {
    what: unscaled(entry),
    scheme: 'scaled FP8',
    details: named(start, ['scale_weight', 'scale_input']),
    scaling: { scheme: 'scaled FP8', scale: `${start}scale_weight` },
  };
};

/** Ends of the names of the tables of a tensor `weight`, beside its scale. */
const DETAILS = ['_scale', '_scale_inv', '_scale_2', '_zero_point', '_shape', '_g_idx', '_global_scale'];

/**
 * Eight bits and a scale under the same name: compressed-tensors, ModelOpt, torchao, quanto, and the blocks of DeepSeek
 * (`weight_scale_inv`, which is multiplied nevertheless). The numbers may have their own suffix: `weight._data`
 * (quanto) with `weight._scale`, `weight_qdata` (torchao) with `weight_scale`.
 */
const sameName: Rule = (entry, tensors) => {
  if (!isEightBit(entry)) return null;
  const end = ['_data', '_qdata', '_int_data'].find((each) => entry.name.endsWith(each));
  const start = end === undefined ? entry.name : entry.name.slice(0, -end.length);
  const scale = [`${start}_scale_inv`, `${start}_scale`].find((each) => tensors.has(each));
  if (scale === undefined) return null;
  // The shift of quanto is subtracted after scaling, and only 4 bits and less have one.
  if (tensors.has(`${start}_shift`)) return null;
  const zero = tensors.has(`${start}_zero_point`) ? `${start}_zero_point` : undefined;
  const scheme = schemeOf(entry, end, scale);
  const module = stem(start, 'weight') ?? stem(start, '_weight');
  const details = named(start, [...DETAILS, '_shift']).concat(
    module === null ? [] : named(module, ['input_scale', 'output_scale', 'comfy_quant']),
  );
  const found = { what: unscaled(entry), scheme, details };
  if (mayBeFourBits(entry, end, scale, tensors)) {
    return {
      ...found,
      what: 'integers of 8 bits or pairs of 4 bits, which the file does not tell apart',
      scheme: 'ChatGLM or another',
    };
  }
  const exponents = BYTE.test(tensors.get(scale)?.dtype ?? '');
  return {
    ...found,
    scaling: {
      scheme,
      scale,
      ...(zero === undefined ? {} : { zero }),
      ...(exponents ? { exponents: true as const } : {}),
    },
  };
};

const schemeOf = ({ dtype }: TensorEntry, end: string | undefined, scale: string): string => {
  if (end !== undefined) return scale.endsWith('._scale') ? 'quanto' : 'torchao';
  return INT8.test(dtype) ? 'compressed-tensors' : 'FP8';
};

/** ChatGLM stores two 4-bit integers in an int8 under the names of its 8-bit ones, with a scale of one axis. */
const mayBeFourBits = (
  { dtype, shape }: TensorEntry,
  end: string | undefined,
  scale: string,
  tensors: Tensors,
): boolean => {
  const table = tensors.get(scale)?.shape;
  return end === undefined && INT8.test(dtype) && shape.length > 1 && table?.length === 1 && table[0] !== 1;
};

/** What onnxruntime's quantiser stores beside a matrix for MatMulInteger or ConvInteger. */
const onnxruntime: Rule = (entry, tensors) => {
  const start = stem(entry.name, '_quantized');
  if (start === null || !(INT8.test(entry.dtype) || BYTE.test(entry.dtype))) return null;
  if (!tensors.has(`${start}_scale`)) return null;
  const zero = `${start}_zero_point`;
  const axis = Math.max(0, entry.shape.length === 2 ? 1 : 0);
  return {
    what: unscaled(entry),
    scheme: 'onnxruntime',
    details: [`${start}_scale`, zero],
    scaling: {
      scheme: 'onnxruntime',
      scale: `${start}_scale`,
      axis,
      ...(tensors.has(zero) ? { zero } : {}),
    },
  };
};

/** MXFP4 of gpt-oss: groups of 32 along their own axis, two numbers per byte, one exponent byte per group. */
const mxfp4Blocks: Rule = ({ name, dtype, shape }, tensors) => {
  const start = stem(name, '_blocks');
  const scales = start === null ? undefined : tensors.get(`${start}_scales`);
  if (start === null || !BYTE.test(dtype) || scales === undefined || shape.length < 2) return null;
  const found = { what: 'packed 4-bit numbers', scheme: 'MXFP4', details: [`${start}_scales`] };
  const groups = shape.at(-2) ?? 0;
  const isUsual = shape.at(-1) === 16 && BYTE.test(scales.dtype) && scales.shape.at(-1) === groups;
  if (!isUsual) return found;
  const values = [...shape.slice(0, -2), 32 * groups];
  const block = { axis: values.length - 1, size: 32 };
  const scaling = { scheme: 'MXFP4', scale: scales.name, packed: 'e2m1', exponents: true } as const;
  return { ...found, scaling: { ...scaling, shape: values, block } };
};

/** MXFP4 of MLX: eight numbers per word, one exponent byte in `scales` per 32, and no `biases`. */
const mlxMxfp4: Rule = ({ name, dtype, shape }, tensors) => {
  const start = stem(name, 'weight');
  const scales = start === null ? undefined : tensors.get(`${start}scales`);
  if (start === null || !INT32.test(dtype) || scales === undefined || !BYTE.test(scales.dtype)) return null;
  const found = { what: 'packed numbers', scheme: 'MLX', details: [scales.name] };
  // Other modes have groups of 16 (nvfp4) or 8 bits (mxfp8).
  if (shape.at(-1) !== 4 * (scales.shape.at(-1) ?? Number.NaN)) return found;
  const block = { axis: shape.length - 1, size: 32 };
  const scaling = { scheme: 'MXFP4', scale: scales.name, packed: 'e2m1', exponents: true, block } as const;
  return { ...found, scheme: 'MXFP4', what: 'packed 4-bit numbers', scaling };
};

/**
 * NVFP4: two numbers per byte, a float8 scale per 16, and one number for all of them: ModelOpt multiplies by
 * `weight_scale_2`, compressed-tensors divides by `weight_global_scale`.
 */
const nvfp4: Rule = ({ name, dtype, shape }, tensors) => {
  const compressed = stem(name, 'weight_packed');
  const start = compressed ?? stem(name, 'weight');
  const scale = start === null ? undefined : tensors.get(`${start}weight_scale`);
  if (start === null || !BYTE.test(dtype) || scale === undefined) return null;
  const details = named(`${start}weight`, DETAILS).concat(
    named(start, ['input_scale', 'output_scale', 'input_global_scale', 'comfy_quant']),
  );
  const found = { what: 'packed 4-bit numbers', scheme: 'NVFP4', details };
  const second = compressed === null ? 'weight_scale_2' : 'weight_global_scale';
  if (!NARROW_FLOAT.test(scale.dtype) || !tensors.has(`${start}${second}`)) {
    return compressed === null && !NARROW_FLOAT.test(scale.dtype) ? { ...found, scheme: 'ModelOpt' } : found;
  }
  const over = compressed === null ? {} : { over: true as const };
  const block = { axis: shape.length - 1, size: 16 };
  const factor = { tensor: `${start}${second}`, ...over };
  return { ...found, scaling: { scheme: 'NVFP4', scale: scale.name, packed: 'e2m1', block, factor } };
};

/** Layouts that are read with their scale; each says what it contains, for tensors that do not fit. */
export const SCALED_RULES: readonly Rule[] = [
  kerasInt8,
  llmInt8,
  comfy,
  onnxruntime,
  mxfp4Blocks,
  mlxMxfp4,
  nvfp4,
  sameName,
];

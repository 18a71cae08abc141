import { inputFault, shown } from '../../protocol/index.ts';
import type { Checkpoint, TensorEntry } from '../checkpoint.ts';
import { type Steps, unhurried } from '../unhurried.ts';
import { dequantise, type ScaledTensor, scaledTensor } from './dequantise.ts';
import { BYTES_WITH_SCALE, PACKED_RULES } from './packedRules.ts';
import { EXPONENTS, FOUR_BITS, type Found, INT8, NARROW_FLOAT, type Rule, type Tensors } from './rule.ts';
import { SCALED_RULES } from './scaledRules.ts';

/** Generic bytes come last: NVFP4 and MXFP4 also match them, but say more. */
const RULES: readonly Rule[] = [...PACKED_RULES, ...SCALED_RULES, BYTES_WITH_SCALE];

const foundByName = (entry: TensorEntry, tensors: Tensors): Found | null => {
  for (const rule of RULES) {
    const found = rule(entry, tensors);
    if (found !== null) return found;
  }
  return null;
};

/** A scaling stated by the format takes precedence over names. */
const foundOf = (entry: TensorEntry, tensors: Tensors): Found | null => {
  const { scaling } = entry;
  if (scaling === undefined) return foundByName(entry, tensors);
  const { scheme, scale, zero } = scaling;
  return {
    what: 'quantised numbers',
    scheme,
    scaling,
    details: zero === undefined ? [scale] : [scale, zero],
  };
};

/** Names that quantisers give to their tables and that nobody gives to a weight. */
const TABLES =
  /(?:^|[._/])(?:weight_scale(?:_inv|_2)?|weight_(?:global_scale|zero_point|g_idx)|scale_(?:weight|input)|input_scale|qzeros|g_idx|SCB|quant_map|absmax|scaled_fp8|comfy_quant|weight\._(?:scale|shift))$/;

const MODULE_WEIGHT = /(?:^|[._/])(?:weight|kernel|embeddings|weight_qdata|_data|W)$/;

/** One text per cause, shared, because a large model has many tensors. */
class Texts {
  readonly #known = new Map<string, string>();

  of(text: string): string {
    const known = this.#known.get(text) ?? text;
    this.#known.set(text, known);
    return known;
  }
}

interface Outcome {
  readonly entries: Map<string, TensorEntry>;
  readonly scaled: Map<string, ScaledTensor>;
}

/** What is scaled: the stored type, or the type packed in it. */
const numbersOf = ({ entry, scaling }: ScaledTensor): string => {
  if (scaling.packed === undefined) return entry.dtype;
  return scaling.packed === 'uint4' ? 'UINT4' : scaling.scheme;
};

const applyFound = (entry: TensorEntry, found: Found, tensors: Tensors, texts: Texts, out: Outcome): void => {
  const { what, scheme, scaling, details } = found;
  const tensor = scaling === undefined ? null : scaledTensor(entry, scaling, tensors);
  const isRead = tensor !== null && typeof tensor !== 'string';
  if (isRead) {
    out.scaled.set(entry.name, tensor);
    const dtype = texts.of(`${numbersOf(tensor)} × scale`);
    out.entries.set(entry.name, { ...entry, shape: tensor.shape, dtype });
  } else {
    const unreadable = texts.of(tensor ?? `holds ${what} (${scheme}), not weights`);
    out.entries.set(entry.name, { ...entry, unreadable });
  }
  const belongsTo = texts.of(
    isRead
      ? `scales quantised weights (${scheme}), which are read with it`
      : `belongs to ${what} (${scheme}), not to the weights`,
  );
  for (const name of details) {
    const detail = tensors.get(name);
    if (detail !== undefined && name !== entry.name) out.entries.set(name, { ...detail, belongsTo });
  }
};

const LONE_TABLE = 'belongs to quantised weights, and is none';
const lacksScale = (bits: number, what: string): string =>
  `holds ${bits}-bit ${what}, and no scale of them is in the file`;

/** Why numbers of few bits without a known scaling are not weights, if they are not. */
const whyLeft = ({ name, dtype, shape }: TensorEntry, hasScaledFloats: boolean): string | null => {
  if (shape.length < 2) return null;
  if (FOUR_BITS.test(dtype)) return lacksScale(4, 'numbers');
  if (NARROW_FLOAT.test(dtype)) return hasScaledFloats ? lacksScale(8, 'numbers') : null;
  return INT8.test(dtype) && MODULE_WEIGHT.test(name) ? lacksScale(8, 'integers') : null;
};

/** Marks tables whose weights are elsewhere, and numbers of few bits whose scale is. */
const applyLeft = (entry: TensorEntry, hasScaledFloats: boolean, out: Outcome): void => {
  const { name, dtype, shape } = entry;
  if (out.entries.has(name) || entry.unreadable !== undefined || entry.optimiser) return;
  if (TABLES.test(name) || (EXPONENTS.test(dtype) && shape.length > 1)) {
    out.entries.set(name, { ...entry, belongsTo: LONE_TABLE });
    return;
  }
  const unscaled = whyLeft(entry, hasScaledFloats);
  if (unscaled !== null) out.entries.set(name, { ...entry, unscaled });
};

function* outcomeOf(tensors: Tensors): Steps<Outcome> {
  const texts = new Texts();
  const out: Outcome = { entries: new Map(), scaled: new Map() };
  for (const entry of tensors.values()) {
    yield;
    if (entry.unreadable !== undefined || entry.optimiser) continue;
    const found = foundOf(entry, tensors);
    if (found !== null) applyFound(entry, found, tensors, texts, out);
  }
  const hasScaledFloats = [...out.scaled.values()].some(({ entry }) => NARROW_FLOAT.test(entry.dtype));
  for (const entry of tensors.values()) {
    yield;
    applyLeft(entry, hasScaledFloats, out);
  }
  return out;
}

/**
 * The checkpoint with the represented weights: quantised tensors that are simple to read are read as values, number
 * times scale, in the shape of the values, and say so in their dtype (`I8 × scale`); others say why they are not read;
 * tables say which tensor they belong to. Only names, dtypes and shapes are examined, and a tensor counts only
 * together with the siblings that its scheme stores. A spectrum of the numbers without their scale would be
 * meaningless.
 */
export const withScales = async (checkpoint: Checkpoint): Promise<Checkpoint> => {
  const { entries, scaled } = await unhurried(outcomeOf(checkpoint.tensors));
  if (entries.size === 0) return checkpoint;
  const tensors = new Map(checkpoint.tensors);
  for (const [name, entry] of entries) tensors.set(name, entry);
  return {
    ...checkpoint,
    tensors,
    read: async (name) => {
      const tensor = scaled.get(name);
      if (tensor !== undefined) return dequantise(tensor, checkpoint.read, checkpoint.path);
      const reason = entries.get(name)?.unreadable;
      if (reason === undefined) return checkpoint.read(name);
      throw inputFault(`tensor ${shown(name)} ${reason}`, checkpoint.path, 'Save it without quantisation');
    },
    // Reading in parts would give the numbers without their scale.
    ranges: (name) =>
      scaled.has(name) || entries.get(name)?.unreadable !== undefined
        ? null
        : (checkpoint.ranges?.(name) ?? null),
  };
};

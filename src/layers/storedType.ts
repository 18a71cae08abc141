import type { StoredType } from '../spectrum/index.ts';

/** Bits of the significand with the hidden one, and the exponent of two of the smallest number above zero. */
interface Float {
  readonly names: readonly string[];
  readonly bits: number;
  readonly least: number;
}

/** By what their names contain; the first match counts, so `bfloat16` comes before `float16`. */
const FLOATS: readonly Float[] = [
  { names: ['bf16', 'bfloat16'], bits: 8, least: -133 },
  { names: ['e4m3'], bits: 4, least: -9 },
  { names: ['e5m2'], bits: 3, least: -16 },
  { names: ['e8m0'], bits: 1, least: -127 },
  { names: ['e2m3'], bits: 4, least: -3 },
  { names: ['e3m2'], bits: 3, least: -4 },
  { names: ['e2m1', 'fp4', 'nf4'], bits: 2, least: -1 },
  { names: ['f16', 'float16', 'fp16', 'half', 'f2'], bits: 11, least: -24 },
  { names: ['f64', 'float64', 'double', 'f8'], bits: 53, least: -1074 },
  { names: ['f32', 'float32', 'fp32', 'f4'], bits: 24, least: -149 },
];

/** Bits of a code of blocks (`Q4_K`) or of whole tensors (`uint8`); each is scaled to its own range. */
const codeBits = (spelled: string): { readonly bits: number; readonly spare: number } | null => {
  const block = /q([2-8])_/.exec(spelled);
  if (block !== null) return { bits: Number(block[1]), spare: 1 };
  const whole = /\b(?:q?u?int|[iu])(2|4|8|16)(?!\d)/.exec(spelled);
  return whole === null ? null : { bits: Number(whole[1]), spare: 2 };
};

const FLOAT32 = FLOATS[FLOATS.length - 1];

/**
 * The precision of a tensor's type, as its format names it. A float of p bits rounds by at most 2^-p of the number.
 * Integer codes of b bits share a step: for normally distributed weights it is some 2^-(b - 1) of them if a block of 32
 * or so has its own step, and twice that if a whole tensor has one. F8 and F4 alone are the types of safetensors; an
 * unknown type counts as float32, in which such values are read.
 */
export const storedType = (dtype: string): StoredType => {
  const spelled = dtype.toLowerCase();
  const codes = codeBits(spelled);
  if (codes !== null) return { name: dtype, unit: 2 ** -(codes.bits - codes.spare), floor: 0 };
  const named =
    spelled === 'f4' ? FLOATS[6] : FLOATS.find(({ names }) => names.some((name) => spelled.includes(name)));
  const { bits, least } = named ?? FLOAT32;
  // The smallest number of a scaled type depends on its scale.
  const floor = spelled.endsWith(' × scale') ? 0 : 2 ** (least - 1);
  return { name: dtype, unit: 2 ** -bits, floor };
};

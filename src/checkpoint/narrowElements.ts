import type { NarrowType, NumericArray } from './tensor.ts';

/** An element of a byte or less: what each of its codes means. */
export interface NarrowElement {
  /** Size of one element: 1, 1/2 or 1/4. */
  readonly bytes: number;
  readonly allocate: (count: number) => NumericArray;
  /** The value of each code. */
  readonly codes: Float64Array;
}

/** How a small binary float is laid out: sign, exponent, mantissa from the high bit down. */
interface FloatLayout {
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  /** Codes that are not finite numbers. `ieee`: the largest exponent; `fn`: all ones; `fnuz`: that of minus zero. */
  readonly special: 'ieee' | 'fn' | 'fnuz' | 'none';
}

const specialValue = (code: number, { exponent, mantissa, special }: FloatLayout): number | null => {
  const magnitude = code & (2 ** (exponent + mantissa) - 1);
  const negative = code !== magnitude;
  if (special === 'fnuz') return negative && magnitude === 0 ? Number.NaN : null;
  if (special === 'fn') return magnitude === 2 ** (exponent + mantissa) - 1 ? Number.NaN : null;
  if (special === 'none' || magnitude >>> mantissa < 2 ** exponent - 1) return null;
  if ((magnitude & (2 ** mantissa - 1)) !== 0) return Number.NaN;
  return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

const floatValue = (code: number, layout: FloatLayout): number => {
  const { exponent, mantissa, bias } = layout;
  const sign = code >>> (exponent + mantissa) === 1 ? -1 : 1;
  const power = (code >>> mantissa) & (2 ** exponent - 1);
  const fraction = (code & (2 ** mantissa - 1)) / 2 ** mantissa;
  const finite = power === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (power - bias);
  return specialValue(code, layout) ?? sign * finite;
};

const narrow = (
  bits: number,
  allocate: (count: number) => NumericArray,
  value: (code: number) => number,
): NarrowElement => ({
  bytes: bits / 8,
  allocate,
  codes: Float64Array.from({ length: 2 ** bits }, (_, code) => value(code)),
});

const float32s = (count: number) => new Float32Array(count);

const float = (layout: FloatLayout): NarrowElement =>
  narrow(1 + layout.exponent + layout.mantissa, float32s, (code) => floatValue(code, layout));

const signed = (bits: number): NarrowElement =>
  narrow(
    bits,
    (count) => new Int8Array(count),
    (code) => (code < 2 ** (bits - 1) ? code : code - 2 ** bits),
  );

const unsigned = (bits: number): NarrowElement =>
  narrow(
    bits,
    (count) => new Uint8Array(count),
    (code) => code,
  );

/**
 * The 8-bit floats of Micikevicius et al. 2022 (arXiv 2209.05433) and, with `fnuz`, Noune et al. 2022 (arXiv
 * 2206.02915); E8M0 and E2M1 of the OCP Microscaling Formats specification 1.0; two's complement integers.
 */
export const NARROW: Readonly<Record<NarrowType, NarrowElement>> = {
  float8_e4m3fn: float({ exponent: 4, mantissa: 3, bias: 7, special: 'fn' }),
  float8_e4m3fnuz: float({ exponent: 4, mantissa: 3, bias: 8, special: 'fnuz' }),
  float8_e5m2: float({ exponent: 5, mantissa: 2, bias: 15, special: 'ieee' }),
  float8_e5m2fnuz: float({ exponent: 5, mantissa: 2, bias: 16, special: 'fnuz' }),
  // A power of two without sign, zero or infinity.
  float8_e8m0fnu: narrow(8, float32s, (code) => (code === 255 ? Number.NaN : 2 ** (code - 127))),
  float4_e2m1: float({ exponent: 2, mantissa: 1, bias: 1, special: 'none' }),
  int4: signed(4),
  uint4: unsigned(4),
  int2: signed(2),
  uint2: unsigned(2),
};

/** Fills `data` with the elements of `bytes`, low bits first. */
export const decodeNarrow = <T extends NumericArray>(
  bytes: Uint8Array,
  { codes, bytes: size }: NarrowElement,
  data: T,
): T => {
  const bits = 8 * size;
  const mask = 2 ** bits - 1;
  for (let at = 0, i = 0; i < data.length; at++) {
    for (let shift = 0; shift < 8 && i < data.length; shift += bits) {
      data[i++] = codes[(bytes[at] >>> shift) & mask];
    }
  }
  return data;
};

import { getFloat16 } from '@petamoriken/float16';

/**
 * Expands one block of quantised numbers that starts at byte `at` of `view` into `out` from index `to` on. A product
 * of the block's scale and a quantised number is exact in double precision, so every value is rounded once, to
 * float32, as in ggml. Layouts: ggml-common.h and dequantize_row_* of ggml-quants.c.
 */
export type ExpandBlock = (
  view: DataView,
  at: number,
  out: Float32Array,
  to: number,
  little: boolean,
) => void;

/**
 * Q4_0, Q4_1, Q5_0, Q5_1: 32 numbers. A scale, a minimum (`_1` only), the fifth bits as one word (Q5 only), then 16
 * bytes whose low halves are the first 16 numbers and whose high halves are the other 16.
 */
const nibbles =
  (bits: 4 | 5, hasMinimum: boolean): ExpandBlock =>
  (view, at, out, to, little) => {
    const scale = getFloat16(view, at, little);
    const shift = hasMinimum ? getFloat16(view, at + 2, little) : 0;
    const fifthAt = at + (hasMinimum ? 4 : 2);
    const fifth = bits === 5 ? view.getUint32(fifthAt, little) : 0;
    const packed = fifthAt + (bits === 5 ? 4 : 0);
    const zero = hasMinimum ? 0 : 1 << (bits - 1);
    const value = (quantised: number) =>
      hasMinimum ? scale * quantised + shift : scale * (quantised - zero);
    for (let i = 0; i < 16; i++) {
      const byte = view.getUint8(packed + i);
      out[to + i] = value((byte & 15) | (((fifth >>> i) & 1) << 4));
      out[to + 16 + i] = value((byte >> 4) | (((fifth >>> (16 + i)) & 1) << 4));
    }
  };

export const expandQ4_0 = nibbles(4, false);
export const expandQ4_1 = nibbles(4, true);
export const expandQ5_0 = nibbles(5, false);
export const expandQ5_1 = nibbles(5, true);

/** 32 signed bytes after their scale. */
export const expandQ8_0: ExpandBlock = (view, at, out, to, little) => {
  const scale = getFloat16(view, at, little);
  for (let i = 0; i < 32; i++) out[to + i] = scale * view.getInt8(at + 2 + i);
};

/** Number `i` of 256 in two bits: the bytes of each half hold four runs of 32 numbers, lowest bits first. */
const twoBits = (view: DataView, at: number, i: number): number =>
  (view.getUint8(at + ((i >> 7) << 5) + (i & 31)) >> (((i >> 5) & 3) << 1)) & 3;

/** 16 bytes of scale (low half) and minimum (high half), one for each 16 numbers; 64 bytes; scale and minimum of all. */
export const expandQ2_K: ExpandBlock = (view, at, out, to, little) => {
  const scale = getFloat16(view, at + 80, little);
  const minimum = getFloat16(view, at + 82, little);
  for (let i = 0; i < 256; i++) {
    const both = view.getUint8(at + (i >> 4));
    out[to + i] = scale * (both & 15) * twoBits(view, at + 16, i) - minimum * (both >> 4);
  }
};

/** Six bits for each 16 numbers, packed in 12 bytes: 8 bytes of low halves, 4 bytes of the upper two bits. */
const scaleQ3_K = (view: DataView, at: number, group: number): number => {
  const low = (view.getUint8(at + (group & 7)) >> (group < 8 ? 0 : 4)) & 15;
  const high = (view.getUint8(at + 8 + (group & 3)) >> ((group >> 2) << 1)) & 3;
  return (low | (high << 4)) - 32;
};

/** 32 bytes of third bits (set: nothing to subtract), 64 bytes of low bits, 12 of scales, the scale of all. */
export const expandQ3_K: ExpandBlock = (view, at, out, to, little) => {
  const scale = getFloat16(view, at + 108, little);
  for (let group = 0; group < 16; group++) {
    const step = scale * scaleQ3_K(view, at + 96, group);
    for (let i = group * 16; i < group * 16 + 16; i++) {
      const third = (view.getUint8(at + (i & 31)) >> (i >> 5)) & 1;
      out[to + i] = step * (twoBits(view, at + 32, i) - (third === 1 ? 0 : 4));
    }
  }
};

/** Scale and minimum of group 0 to 7 of Q4_K and Q5_K: six bits each, packed in 12 bytes. */
const scaleAndMinimum = (view: DataView, at: number, group: number): [number, number] => {
  if (group < 4) return [view.getUint8(at + group) & 63, view.getUint8(at + 4 + group) & 63];
  const low = view.getUint8(at + 4 + group);
  const highOfScale = view.getUint8(at + group - 4) >> 6;
  const highOfMinimum = view.getUint8(at + group) >> 6;
  return [(low & 15) | (highOfScale << 4), (low >> 4) | (highOfMinimum << 4)];
};

/** Q4_K and Q5_K: scale and minimum of all, 12 bytes for the 8 groups, 32 bytes of fifth bits (Q5_K), 128 of halves. */
const groupsOf32 =
  (bits: 4 | 5): ExpandBlock =>
  (view, at, out, to, little) => {
    const scale = getFloat16(view, at, little);
    const minimum = getFloat16(view, at + 2, little);
    const halves = at + (bits === 5 ? 48 : 16);
    for (let group = 0; group < 8; group++) {
      const [s, m] = scaleAndMinimum(view, at + 4, group);
      for (let i = 0; i < 32; i++) {
        const half = (view.getUint8(halves + (group >> 1) * 32 + i) >> ((group & 1) * 4)) & 15;
        const fifth = bits === 5 ? (view.getUint8(at + 16 + i) >> group) & 1 : 0;
        out[to + group * 32 + i] = scale * s * (half | (fifth << 4)) - minimum * m;
      }
    }
  };

export const expandQ4_K = groupsOf32(4);
export const expandQ5_K = groupsOf32(5);

/** 128 bytes of low halves, 64 of the upper two bits, 16 signed scales, the scale of all. */
export const expandQ6_K: ExpandBlock = (view, at, out, to, little) => {
  const scale = getFloat16(view, at + 208, little);
  for (let i = 0; i < 256; i++) {
    const half = i >> 7;
    const low = (view.getUint8(at + half * 64 + (i & 63)) >> ((i >> 6) & 1 ? 4 : 0)) & 15;
    const high = (view.getUint8(at + 128 + half * 32 + (i & 31)) >> (((i >> 5) & 3) << 1)) & 3;
    out[to + i] = scale * view.getInt8(at + 192 + (i >> 4)) * ((low | (high << 4)) - 32);
  }
};

/** A float32 scale, 256 signed bytes, and sums of them that are not needed here. */
export const expandQ8_K: ExpandBlock = (view, at, out, to, little) => {
  const scale = view.getFloat32(at, little);
  for (let i = 0; i < 256; i++) out[to + i] = scale * view.getInt8(at + 4 + i);
};

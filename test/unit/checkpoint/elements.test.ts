import { describe, expect, it } from 'vitest';
import { decodeElements, encodeElements } from '../../../src/checkpoint/elements.ts';
import type { ElementType } from '../../../src/checkpoint/index.ts';

const locate = (byte: number) => `byte ${byte}`;
const decode = (bytes: number[], dtype: ElementType, count?: number) =>
  decodeElements(Uint8Array.from(bytes), dtype, true, locate, count);

/** All codes of the 8-bit floats are in test/corpus/safetensors/every.safetensors, by ml_dtypes. */
describe('elements below a byte', () => {
  it('lie from the low bits up', () => {
    expect(decode([0x10, 0xf8], 'uint4')).toEqual(new Uint8Array([0, 1, 8, 15]));
    expect(decode([0x10, 0xf8], 'int4')).toEqual(new Int8Array([0, 1, -8, -1]));
    expect(decode([0b11100100], 'uint2')).toEqual(new Uint8Array([0, 1, 2, 3]));
    expect(decode([0b11100100], 'int2')).toEqual(new Int8Array([0, 1, -2, -1]));
    expect(decode([0x21, 0xf7], 'float4_e2m1')).toEqual(new Float32Array([0.5, 1, 6, -6]));
  });

  it('may leave the last byte partly unused', () => {
    expect(decode([0x21, 0x43], 'int4', 3)).toEqual(new Int8Array([1, 2, 3]));
    expect(decode([0b11100100, 0xff], 'uint2', 5)).toEqual(new Uint8Array([0, 1, 2, 3, 3]));
    expect(decode([], 'int4')).toEqual(new Int8Array(0));
  });

  it('are read, never written', () => {
    expect(() => encodeElements(new Int8Array(1), 'int4')).toThrow(RangeError);
  });
});

describe('8-bit floats', () => {
  it.each([
    ['float8_e4m3fn', 0x7e, 448],
    ['float8_e4m3fn', 0x01, 2 ** -9],
    ['float8_e4m3fnuz', 0x7f, 240],
    ['float8_e5m2', 0x7b, 57344],
    ['float8_e5m2', 0xfc, Number.NEGATIVE_INFINITY],
    ['float8_e5m2fnuz', 0x7f, 57344],
    ['float8_e8m0fnu', 0x00, 2 ** -127],
    ['float8_e8m0fnu', 0xfe, 2 ** 127],
  ] as const)('%s %i is %d', (dtype, code, value) => {
    expect(decode([code], dtype)[0]).toBe(value);
  });
});

describe('whole bytes', () => {
  it('are taken as many as asked for', () => {
    expect(decode([1, 0, 2, 0, 3, 0], 'uint16', 2)).toEqual(new Uint16Array([1, 2]));
    expect(decode([0, 0x3c, 0, 0xc0, 9, 9], 'float16', 2)).toEqual(new Float32Array([1, -2]));
  });

  it('are refused where they would not fit in memory', () => {
    expect(() => decode([], 'float4_e2m1', 2 ** 40)).toThrow(
      'byte 0: has 1099511627776 values of float4_e2m1, more than fit in memory. Split the tensor into smaller ones.',
    );
  });
});

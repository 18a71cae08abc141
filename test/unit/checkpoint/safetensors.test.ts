import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ElementType,
  encodeSafetensors,
  openSafetensors,
  type StoredTensor,
} from '../../../src/checkpoint/index.ts';
import fixture from './fixtures/safetensors.json' with { type: 'json' };
import { faultOf, fromBase64, scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const every = fromBase64(fixture.every.bytes);

const fileWith = (header: string | Uint8Array, data = 0): Uint8Array => {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
};
const messageOf = async (bytes: Uint8Array) =>
  (await faultOf(openSafetensors(bytes, 'm.safetensors'))).message;
const DAMAGED = 'The file is damaged or not a safetensors file: fetch or save it again.';
const CUT = 'The file is cut off or not a safetensors file: fetch or save it again.';

describe('openSafetensors', () => {
  it('reads every dtype of a file made from the description of the format', async () => {
    const file = await openSafetensors(every);
    for (const { name, shape, values, dtype } of fixture.every.tensors) {
      const tensor = await file.read(name);
      expect(file.tensors.get(name)).toMatchObject({ name, dtype, shape });
      expect(tensor.shape).toEqual(shape);
      expect(Array.from(tensor.data)).toEqual(
        values.map((value) => (dtype === 'F32' ? Math.fround(Number(value)) : Number(value))),
      );
    }
  });

  it('reads metadata and tensors from a path', async () => {
    const path = join(folder, 'm.safetensors');
    writeFileSync(path, fromBase64(fixture.written.bytes));
    const file = await openSafetensors(path);
    expect(Object.fromEntries(file.metadata)).toEqual(fixture.written.metadata);
    expect(await file.read('layer 1/bias')).toEqual({
      dtype: 'float32',
      shape: [3],
      data: new Float32Array([1, 2, 3]),
    });
    expect((await faultOf(file.read('none'))).message).toBe(
      `${path}: has no tensor "none". Use one of its tensors.`,
    );
    await file.close();
  });

  it('reads tensors that older writers left unaligned', async () => {
    const header = '{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}';
    const bytes = Buffer.from(fileWith(header, 8));
    bytes.writeDoubleLE(Math.PI, 8 + header.length);
    expect((8 + header.length) % 8).not.toBe(0);
    expect((await (await openSafetensors(bytes)).read('a')).data).toEqual(new Float64Array([Math.PI]));
  });

  it('takes white space around the header, an empty list and tensors of any rank', async () => {
    expect((await openSafetensors(fileWith(' \n{ } '))).tensors.size).toBe(0);
    const file = await openSafetensors(
      fileWith('{"a":{"shape":[0,9007199254740991,9],"dtype":"F32","data_offsets":[0,0]}}'),
    );
    expect((await file.read('a')).data.length).toBe(0);
  });

  it.each([
    ['C64', '[1]', 8, 'holds complex numbers, which are not read here'],
    ['F6_E2M3', '[4]', 3, 'holds 6-bit floats, whose packing the format does not say'],
  ])('lists dtypes whose values it does not read: %s', async (dtype, shape, bytes, reason) => {
    const header = `{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":[0,${bytes}]}}`;
    const file = await openSafetensors(fileWith(header, bytes), 'm');
    expect(file.tensors.get('a')).toMatchObject({ dtype, unreadable: reason });
    expect((await faultOf(file.read('a'))).message).toBe(
      `m, byte ${8 + header.length}: has tensor "a", which ${reason}. Convert it to F32 or BF16.`,
    );
  });

  it.each([
    '{"__metadata__":null,"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    '{"__metadata__": null ,"a":{"dtype":"F32","layout":{"of":["any",{"kind":null}]},"shape":[2],"data_offsets":[0,8],"x":1}}',
  ])("reads what the format's own reader reads: %s", async (header) => {
    const bytes = Buffer.concat([fileWith(header), Buffer.from(Float32Array.of(1, 2).buffer)]);
    const file = await openSafetensors(bytes);
    expect([...file.metadata]).toEqual([]);
    expect([...(await file.read('a')).data]).toEqual([1, 2]);
  });

  it('keeps of a long text of the metadata how long it is', async () => {
    const texts = { long: 'ü'.repeat(600_000), short: 'x'.repeat(1_000_000), format: 'pt' };
    const { metadata } = await openSafetensors(fileWith(JSON.stringify({ __metadata__: texts })));
    expect([...metadata]).toEqual([
      ['long', 'a text of 1200000 bytes'],
      ['short', texts.short],
      ['format', 'pt'],
    ]);
  });

  it('lists 200,000 tensors, in the order in which they lie', async () => {
    const count = 200_000;
    const entry = (i: number) =>
      `"layer.${i}.weight":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`;
    const forwards = Array.from({ length: count }, (_, i) => entry(i));
    for (const listed of [forwards, [...forwards].reverse()]) {
      const file = await openSafetensors(fileWith(`{${listed.join(',')}}`, count));
      expect(file.tensors.size).toBe(count);
      expect([...file.tensors.keys()].slice(0, 2)).toEqual(['layer.0.weight', 'layer.1.weight']);
      expect(file.tensors.get('layer.199999.weight')).toMatchObject({ shape: [1], bytes: 1 });
    }
  });

  it('is not deceived by names that JavaScript objects have', async () => {
    const file = await openSafetensors(
      fileWith('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
    );
    expect([...file.tensors.keys()]).toEqual(['__proto__']);
    expect(await messageOf(fileWith('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}'))).toContain(
      'has the unknown dtype "toString"',
    );
  });
});

/** The refusals of the format's own reader, by its names. */
describe('what openSafetensors refuses', () => {
  it('HeaderTooSmall', async () => {
    expect(await messageOf(Buffer.alloc(7))).toBe(`m.safetensors, byte 0: is only 7 bytes long. ${CUT}`);
  });

  it('HeaderTooLarge', async () => {
    const bytes = Buffer.alloc(16, 0xff);
    expect(await messageOf(bytes)).toBe(
      `m.safetensors, byte 0: claims a header of 18446744073709551615 bytes, above the limit of 100000000. ${CUT}`,
    );
  });

  it('InvalidHeaderLength', async () => {
    expect(await messageOf(fileWith('{}').subarray(0, 9))).toBe(
      `m.safetensors, byte 0: claims a header of 2 bytes and has 1. ${CUT}`,
    );
  });

  it('InvalidHeader', async () => {
    expect(await messageOf(fileWith(Buffer.from([0x7b, 0xff, 0x7d])))).toBe(
      `m.safetensors, byte 8: has a header that is not UTF-8. ${DAMAGED}`,
    );
  });

  const tensor = (dtype: string, shape: string, offsets: string) =>
    `{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;
  const two = (first: string, second: string) =>
    `{"a":{"dtype":"U8","shape":[2],"data_offsets":${first}},"b":{"dtype":"U8","shape":[2],"data_offsets":${second}}}`;

  it.each([
    // InvalidHeaderStart
    ['', 0, 8, 'has a header in which the list of tensors, a JSON object, is expected'],
    ['[]', 0, 8, 'has a header in which the list of tensors, a JSON object, is expected'],
    // InvalidHeaderDeserialization
    ['{', 0, 9, 'has a header in which a key in double quotes is expected'],
    ['{"a"}', 0, 12, "has a header in which ':' is expected"],
    ['{"a":1}', 0, 13, 'has a header in which tensor "a", a JSON object, is expected'],
    ['{} x', 0, 11, 'has a header in which nothing more is expected'],
    ['{"a\n":{}}', 0, 9, 'has a header with a malformed string'],
    ['{"a":{},}', 0, 13, 'has no dtype for tensor "a"'],
    [
      tensor('F32', '[1.5]', '[0,6]'),
      0,
      37,
      'has a header in which an extent of a shape, a whole number, is expected',
    ],
    [
      tensor('F32', '[-1]', '[0,4]'),
      0,
      37,
      'has a header in which an extent of a shape, a whole number, is expected',
    ],
    [tensor('F32', '[9007199254740993]', '[0,4]'), 0, 37, 'has a number beyond 2^53 in its header'],
    [tensor('F32', '[1]', '[0,4,8]'), 4, 55, 'has 3 data_offsets for tensor "a", not 2'],
    [tensor('F33', '[1]', '[0,4]'), 4, 22, 'has the unknown dtype "F33"'],
    ['{"a":{"dtype":"F32","shape":[]}}', 0, 13, 'has no data_offsets for tensor "a"'],
    ['{"a":{"dtype":"F32","kind":}}', 0, 35, 'has a header in which a value is expected'],
    ['{"a":{"dtype":"F32","kind":1}}', 0, 13, 'has no shape for tensor "a"'],
    ['{"__metadata__":nul}', 0, 24, 'has a header in which the metadata, a JSON object, is expected'],
    ['{"__metadata__":null,"__metadata__":null}', 0, 29, 'has the key "__metadata__" twice in its header'],
    ['{"__metadata__":{"k":1}}', 0, 29, 'has a header in which the text of metadata "k" is expected'],
    ['{"__metadata__":{"k":"1","k":"2"}}', 0, 33, 'has the key "k" twice in its header'],
    ['{"ü":{"dtype":"U8","dtype":"U8"}}', 0, 28, 'has the key "dtype" twice in its header'],
    // InvalidOffset: a hole, an overlap, an end before its begin
    [two('[0,2]', '[3,5]'), 5, 65, 'has tensor "b" at offsets 3 to 5 where one from 2 is expected'],
    [two('[0,2]', '[1,3]'), 3, 65, 'has tensor "b" at offsets 1 to 3 where one from 2 is expected'],
    [tensor('U8', '[2]', '[2,0]'), 2, 13, 'has tensor "a" at offsets 2 to 0 where one from 0 is expected'],
    // TensorInvalidInfo
    [tensor('F32', '[2]', '[0,4]'), 4, 13, 'has tensor "a" of 8 bytes (F32 [2]) in 4 bytes'],
    // ValidationOverflow
    [
      tensor('F32', '[4294967296,4294967296]', '[0,4]'),
      4,
      13,
      'has tensor "a" with a shape too large for any file',
    ],
    // MisalignedSlice
    [tensor('F4', '[3]', '[0,2]'), 2, 13, 'has tensor "a" with 3 elements of 4 bits, not whole bytes'],
    // MetadataIncompleteBuffer: too little and too much
    [tensor('U8', '[2]', '[0,2]'), 1, 8, 'has tensors of 2 bytes in all and 1 bytes of data'],
    [tensor('U8', '[2]', '[0,2]'), 3, 8, 'has tensors of 2 bytes in all and 3 bytes of data'],
    ['{}', 1, 8, 'has tensors of 0 bytes in all and 1 bytes of data'],
  ])('%s with %i bytes of data, at byte %i', async (header, data, byte, what) => {
    expect(await messageOf(fileWith(header, data))).toBe(`m.safetensors, byte ${byte}: ${what}. ${DAMAGED}`);
  });

  it('a header that nests without end, without running out of stack', async () => {
    expect(await messageOf(fileWith(`{"a":${'['.repeat(1e6)}`))).toContain(
      'tensor "a", a JSON object, is expected',
    );
    expect(await messageOf(fileWith(`{"${'a'.repeat(3e6)}":1}`))).toMatch(/^.{0,300}$/);
  });

  it('an integer that no JavaScript number holds', async () => {
    const header = '{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}';
    const bytes = Buffer.from(fileWith(header, 8));
    bytes.writeBigInt64LE(-(2n ** 53n), 8 + header.length);
    const file = await openSafetensors(bytes, 'm');
    expect((await faultOf(file.read('a'))).message).toBe(
      'm, byte 62: holds the int64 value -9007199254740992, which is beyond 2^53. Convert the array to float64 or int32.',
    );
  });

  it('every truncation', async () => {
    const whole = fromBase64(fixture.written.bytes);
    for (let length = 0; length < whole.length; length++) {
      expect(await messageOf(whole.subarray(0, length))).toMatch(/^m\.safetensors, byte \d+: [^\n]+\.$/);
    }
  });

  it('or reads, whatever byte is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(every.length - 1), fc.nat(255), async (at, value) => {
        const changed = Uint8Array.from(every);
        changed[at] = value;
        const readAll = async () => {
          const file = await openSafetensors(changed);
          for (const name of file.tensors.keys()) await file.read(name);
        };
        await readAll().catch((error: Error) => expect(error.name).toBe('Fault'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('encodeSafetensors', () => {
  const ELEMENTS: Record<string, ElementType> = {
    F32: 'float32',
    F64: 'float64',
    I32: 'int32',
    I64: 'int64',
    U8: 'uint8',
  };
  const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: Float64Array, U8: Uint8Array };

  it('writes the bytes of an independent writer, whatever order the tensors come in', () => {
    const { tensors, metadata, bytes } = fixture.written;
    for (const list of [tensors, [...tensors].reverse()]) {
      const map = new Map(
        list.map(({ name, dtype, shape, values }): [string, StoredTensor] => {
          const data = new ARRAYS[dtype as keyof typeof ARRAYS](values);
          return [name, { dtype: ELEMENTS[dtype], shape, data }];
        }),
      );
      expect(Buffer.from(encodeSafetensors(map, metadata)).toString('latin1')).toBe(
        Buffer.from(bytes, 'base64').toString('latin1'),
      );
    }
  });

  it('writes every dtype that it reads', async () => {
    const file = await openSafetensors(every);
    const tensors = new Map<string, StoredTensor>();
    for (const name of file.tensors.keys()) tensors.set(name, await file.read(name));
    expect(Buffer.from(encodeSafetensors(tensors)).equals(every)).toBe(true);
  });

  it('starts its data at a multiple of 8', async () => {
    for (const name of ['a', 'ab', 'abc', 'abcd']) {
      const tensor: StoredTensor = { dtype: 'uint8', shape: [1], data: new Uint8Array(1) };
      const bytes = Buffer.from(encodeSafetensors(new Map([[name, tensor]])));
      expect(bytes.readBigUInt64LE() % 8n).toBe(0n);
    }
  });

  it('rounds bfloat16 to nearest, ties to even', async () => {
    const data = new Float32Array([1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, Number.NaN]);
    const bytes = encodeSafetensors(new Map([['a', { dtype: 'bfloat16', shape: [4], data }]]));
    const read = await (await openSafetensors(bytes)).read('a');
    expect(Array.from(read.data)).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, Number.NaN]);
  });

  it('refuses a tensor whose values do not fill its shape', () => {
    const tensor: StoredTensor = { dtype: 'float32', shape: [3], data: new Float32Array(2) };
    expect(() => encodeSafetensors(new Map([['a', tensor]]))).toThrow('tensor a has 2 values for shape [3]');
  });
});

describe('what the file says of its writer', () => {
  const opened = async (format: string) => {
    const kernel = { dtype: 'float32' as const, shape: [3, 3, 1, 2], data: new Float32Array(18) };
    const tensors = new Map([
      ['model/conv.weight', kernel],
      ['optimiser/conv.weight/m', kernel],
    ]);
    return openSafetensors(encodeSafetensors(tensors, { format }), 'written');
  };

  it.each([
    ['pentimento', 'HWIO'],
    ['tf', 'HWIO'],
    ['pt', undefined],
  ])('%s: kernels lie %s', async (format, layout) => {
    const { tensors } = await opened(format);
    expect(tensors.get('model/conv.weight')?.layout).toBe(layout);
  });

  it('sets the state of the optimiser apart', async () => {
    const { tensors } = await opened('pentimento');
    expect([...tensors.values()].map(({ name, optimiser }) => [name, optimiser])).toEqual([
      ['model/conv.weight', undefined],
      ['optimiser/conv.weight/m', true],
    ]);
  });
});

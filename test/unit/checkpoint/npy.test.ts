import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NpyArray, StoredTensor } from '../../../src/checkpoint/index.ts';
import fixture from './fixtures/npy.json' with { type: 'json' };
import { encodeNpy, readNpy } from './npyFiles.ts';
import { faultOf, fromBase64, scratchFolder } from './scratch.ts';

const folder = scratchFolder();

/** Values in the fixture's form: infinities as text, booleans as such. */
const plain = (array: NpyArray): unknown[] =>
  array.dtype === 'string'
    ? [...array.data]
    : Array.from(array.data, (value) => {
        if (array.dtype === 'bool') return value === 1;
        return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
      });

const header = (literal: string): Uint8Array => {
  const bytes = Buffer.alloc(10 + literal.length);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(literal.length, 8);
  bytes.write(literal, 10, 'latin1');
  return bytes;
};
const messageOf = async (bytes: Uint8Array) => (await faultOf(readNpy(bytes, 'a.npy'))).message;
const messageFor = (literal: string) => messageOf(header(literal));
const AGAIN = 'Save the array again with numpy.save.';

describe('readNpy', () => {
  it.each(Object.entries(fixture.read))('reads what numpy wrote: %s', async (_, expected) => {
    const array = await readNpy(fromBase64(expected.bytes));
    expect(array.dtype).toBe(expected.dtype);
    expect(array.shape).toEqual(expected.shape);
    expect(plain(array)).toEqual(expected.values);
  });

  it('reads from a path as from bytes', async () => {
    const path = join(folder, 'x.npy');
    writeFileSync(path, fromBase64(fixture.read['<f4'].bytes));
    expect(plain(await readNpy(path))).toEqual(fixture.read['<f4'].values);
  });

  it('reads bytes that lie at an odd offset of their buffer', async () => {
    const bytes = fromBase64(fixture.read['<f8'].bytes);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(plain(await readNpy(shifted.subarray(3)))).toEqual(fixture.read['<f8'].values);
  });

  it('reads the long integers of Python 2 headers', async () => {
    const bytes = Buffer.concat([
      header("{'descr': '<i2', 'fortran_order': False, 'shape': (2L,)}\n"),
      Buffer.from([1, 0, 2, 0]),
    ]);
    expect((await readNpy(bytes)).data).toEqual(new Int16Array([1, 2]));
  });

  it('gives a fault, and nothing else, for every truncation', async () => {
    for (const { bytes } of [fixture.read['<f4'], fixture.read['version 2'], fixture.read.unicode]) {
      const whole = fromBase64(bytes);
      for (let length = 0; length < whole.length; length++) {
        const fault = await faultOf(readNpy(whole.subarray(0, length), 'a.npy'));
        expect(fault.message).toMatch(/^a\.npy, byte \d+: [^\n]+\. [^\n]+\.$/);
      }
    }
  });

  it('gives an array or a fault when any byte is changed', async () => {
    const whole = fromBase64(fixture.read['fortran 3 big-endian'].bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const changed = Uint8Array.from(whole);
        changed[at] = value;
        await readNpy(changed).then(
          (array) => expect(array.data.length).toBe(array.shape.reduce((a, b) => a * b, 1)),
          (error: Error) => expect(error.name).toBe('Fault'),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('what readNpy refuses', () => {
  it.each([
    ['object', 'holds Python objects (pickle), which are never run here'],
    ['structured', 'is a structured array (one with named fields)'],
    ['void', "holds raw bytes of unknown meaning (dtype '|V2'; bfloat16 is saved so)"],
    ['complex', "has the dtype '<c8', which is not read here"],
    ['date', "has the dtype '<M8[D]', which is not read here"],
  ] as const)('%s arrays', async (name, what) => {
    const fault = await faultOf(readNpy(fromBase64(fixture.refused[name]), 'a.npy'));
    expect(fault.kind).toBe('input');
    expect(fault.what).toBe(what);
    // The value of 'descr' starts after the 10 bytes of the preamble and "{'descr': ".
    expect(fault.where).toBe('a.npy, byte 20');
  });

  it('integers that no JavaScript number holds', async () => {
    expect(await messageOf(fromBase64(fixture.refused['beyond 2^53']))).toBe(
      'a.npy, byte 136: holds the int64 value 9007199254740992, which is beyond 2^53. Convert the array to float64 or int32.',
    );
    expect(await messageOf(fromBase64(fixture.refused['beyond 2^63']))).toContain('18446744073709551615');
  });

  it('a file of another kind', async () => {
    expect(await messageOf(Buffer.from('PK\x03\x04 and so on'))).toBe(
      'a.npy, byte 0: is not an .npy file. Save the array with numpy.save.',
    );
  });

  it('an unknown version', async () => {
    expect(await messageOf(Buffer.from('\x93NUMPY\x04\x00\x02\x00{}', 'latin1'))).toBe(
      `a.npy, byte 6: has the .npy version 4.0; 1 to 3 are read here. ${AGAIN}`,
    );
  });

  it('a claim of more data than there is, before allocating it', async () => {
    expect(
      await messageFor("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, )}\n"),
    ).toMatch(/is cut off: shape \(1000000000000\) takes 8000000000000 bytes of data and there are 0\./);
    expect(
      await messageFor("{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 4000000000)}\n"),
    ).toMatch(/has the shape \(4000000000, 4000000000\), too large for any file\./);
    expect(await messageFor("{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000, )}\n")).toMatch(
      /has elements of 0 bytes\./,
    );
    expect(await messageOf(Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1'))).toMatch(
      /byte 12: is cut off in its header of 4294967295 bytes\./,
    );
  });

  it('data after the array', async () => {
    const bytes = Buffer.concat([
      header("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}\n"),
      Buffer.alloc(3),
    ]);
    expect(await messageOf(bytes)).toMatch(
      /continues after its array: shape \(2\) takes 2 bytes of data and there are 3/,
    );
  });

  it.each([
    ["{'fortran_order': False, 'shape': ()}", "has no 'descr' in its header"],
    ["{'descr': '<f4', 'shape': ()}", "has no 'fortran_order' in its header"],
    ["{'descr': '<f4', 'fortran_order': False}", "has no 'shape' in its header"],
    ["{'descr': 4, 'fortran_order': False, 'shape': ()}", "a dtype such as '<f4' is expected"],
    ["{'descr': '<f4', 'fortran_order': Maybe, 'shape': ()}", 'True or False is expected'],
    [
      "{'descr': '<f4', 'fortran_order': False, 'shape': [3]}",
      'the shape, a tuple such as (3, 4), is expected',
    ],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", 'an extent of the shape is expected'],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999,)}", 'has an extent beyond 2^53'],
    [
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1,'.repeat(65)})}`,
      'has more than 64 dimensions',
    ],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (), 'extra': 1}", "'shape' is expected"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': ()} + 1", 'nothing more is expected'],
  ])('the header %s', async (literal, what) => {
    expect(await messageFor(literal)).toContain(what);
  });

  it('a path that leads to no file', async () => {
    expect((await faultOf(readNpy(join(folder, 'none.npy')))).what).toBe('there is no such file');
    expect((await faultOf(readNpy(folder))).message).toMatch(/is not a file|cannot be read \(EISDIR\)/);
  });
});

describe('encodeNpy', () => {
  it.each([
    'bool',
    'float16',
    'scalar',
    'empty',
    'unicode',
    'largest safe',
    '<i2',
    '<u4',
    '<f4',
    '<f8',
  ] as const)('writes the very bytes of numpy: %s', async (name) => {
    const bytes = fromBase64(fixture.read[name].bytes);
    expect(Buffer.from(encodeNpy(await readNpy(bytes))).equals(bytes)).toBe(true);
  });

  it('keeps float32 values through a round trip, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.float32Array(), async (data) => {
        const array: StoredTensor = { dtype: 'float32', shape: [data.length], data };
        expect((await readNpy(encodeNpy(array))).data).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses bfloat16, which npy does not have', () => {
    expect(() => encodeNpy({ dtype: 'bfloat16', shape: [1], data: new Float32Array(1) })).toThrow(
      /no bfloat16/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Allowance } from '../../../src/checkpoint/bytes/allowance.ts';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { readPickleAt, readPickleWithin } from '../../../src/checkpoint/pickle/pickle.ts';
import { PickleGlobal, PickleObject, type PickleValue } from '../../../src/checkpoint/pickle/value.ts';
import fixture from '../../corpus/pytorch/pickles.json' with { type: 'json' };
import { faultOf, fromBase64 } from './scratch.ts';

const read = async (bytes: Uint8Array): Promise<PickleValue> => {
  const pickle = await readPickleAt(memorySource(bytes, 'FILE'), 0, new Allowance());
  expect(pickle.end).toBe(bytes.length);
  return pickle.value;
};

/** Values in the fixture's form: dictionaries as lists of pairs, and types that JSON lacks as objects with one key. */
const spelt = (value: PickleValue): unknown => {
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [spelt(key), spelt(item)]) };
  if (value instanceof Set) return { set: [...value].map(spelt) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof PickleGlobal) return { global: value.path };
  if (value instanceof PickleObject) return { call: spelt(value.callable) };
  if (Array.isArray(value)) return value.map(spelt);
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    return { number: String(value) };
  }
  return value;
};

describe('a pickle', () => {
  it.each(fixture.pickles)(
    'reads what Python wrote: $name, protocol $protocol',
    async ({ base64, value }) => {
      expect(spelt(await read(fromBase64(base64)))).toEqual(value);
    },
  );

  it('gives null for every truncation', async () => {
    for (const { base64 } of fixture.pickles) {
      const bytes = fromBase64(base64);
      if (bytes.length > 500) continue;
      for (let length = 0; length < bytes.length; length++) {
        const cut = memorySource(bytes.subarray(0, length), 'FILE');
        expect(await readPickleWithin(cut, 0, length, new Allowance())).toBeNull();
      }
    }
  });

  it('keeps the call of a function as a call', async () => {
    const value = (await read(Buffer.from("cos\nsystem\n(S'touch executed'\ntR.", 'latin1'))) as PickleObject;
    expect(value.callable).toEqual(new PickleGlobal('os', 'system'));
    expect(value.args).toEqual(['touch executed']);
  });

  it('keeps the state and the items of an object that it does not know', async () => {
    const value = (await read(Buffer.from('\x80\x02cm\nC\n)\x81Na}K\x01K\x02sb.', 'latin1'))) as PickleObject;
    expect(value.items).toEqual([null]);
    expect(value.state).toEqual(new Map([[1, 2]]));
  });
});

/** BINUNICODE of a text. */
const textOf = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const head = Buffer.from('X\0\0\0\0', 'latin1');
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a pickle in a file', () => {
  const within = (bytes: Uint8Array, begin = 0, limit = bytes.length) =>
    readPickleWithin(memorySource(bytes, 'FILE'), begin, limit, new Allowance());

  it.each(fixture.pickles)(
    'is read as one in memory is: $name, protocol $protocol',
    async ({ base64, value }) => {
      const bytes = Buffer.concat([latin1('before'), fromBase64(base64), latin1('behind')]);
      const pickle = await within(bytes, 6);
      expect(spelt(pickle?.value as PickleValue)).toEqual(value);
      expect(pickle?.end).toBe(bytes.length - 6);
    },
  );

  it('is read through a window, wherever that ends', async () => {
    // A list of texts and long integers, shifted by the length of the first text.
    const texts = Array.from({ length: 4000 }, (_, i) => `${i} ü€\u{1f600}`);
    const items = texts.flatMap((text) => [textOf(text), Buffer.from([0x8a, 5, 1, 2, 3, 4, 5])]);
    const expected = texts.flatMap((text) => [text, 0x0504030201]);
    for (let shift = 0; shift < 30; shift++) {
      const first = 'x'.repeat(shift);
      const bytes = Buffer.concat([latin1('\x80\x02]('), textOf(first), ...items, latin1('e.')]);
      expect((await within(bytes))?.value).toEqual([first, ...expected]);
    }
  });

  it('keeps the first 64 KiB of longer texts and bytes', async () => {
    const bytes = Buffer.concat([
      latin1('\x80\x03]('),
      textOf('x'.repeat(1_000_000)),
      latin1('B\x40\x42\x0f\0'),
      Buffer.alloc(1_000_000, 7),
      latin1('K\x09e.'),
    ]);
    const lengths = (value: unknown) =>
      (value as [string, Uint8Array, number]).map((item) => Object(item).length);
    for (const value of [await read(bytes), (await within(bytes))?.value]) {
      expect(lengths(value)).toEqual([65_536, 65_536, undefined]);
      expect((value as PickleValue[])[2]).toBe(9);
    }
  });

  it('keeps nothing of the bytes that it was read from', async () => {
    const bytes = latin1('\x80\x03C\x02ab.');
    const value = (await read(bytes)) as Uint8Array;
    bytes.fill(0);
    expect([...value]).toEqual([97, 98]);
  });

  it('is null when it goes on beyond the limit', async () => {
    const bytes = Buffer.concat([latin1('\x80\x02]('), textOf('x'.repeat(100_000)), latin1('e.')]);
    for (const limit of [0, 1, 5, 5000, 70_000, bytes.length - 1])
      expect(await within(bytes, 0, limit)).toBeNull();
    const fault = await faultOf(readPickleAt(memorySource(bytes, 'FILE'), 0, new Allowance(), 5000));
    expect(fault.message).toBe(
      'FILE, byte 0: ends inside a pickle. The file is cut off or not a checkpoint: fetch or save it again.',
    );
  });

  it('remembers None, and values by any number', async () => {
    expect(await read(latin1('\x80\x02](Nq\x00K\x07q\x05K\x08q\x01h\x00h\x05h\x01e.'))).toEqual([
      null,
      7,
      8,
      null,
      7,
      8,
    ]);
  });
});

describe('what a pickle may take in memory', () => {
  it.each([
    ['texts', textOf('x'.repeat(60_000))],
    ['empty dictionaries', latin1('}')],
    ['tuples', latin1('NN\x86')],
    ['large integers', Buffer.concat([Buffer.from([0x8a, 255]), Buffer.alloc(255, 0x7f)])],
  ])('is taken off the allowance: %s', async (_, item) => {
    const bytes = Buffer.concat([latin1('\x80\x02('), ...new Array<Buffer>(30_000).fill(item)]);
    const allowance = new Allowance(2 ** 20);
    const { message } = await faultOf(readPickleAt(memorySource(bytes, 'FILE'), 0, allowance));
    expect(message).toMatch(/^FILE, byte \d+: lists more than fits into 1 MiB of memory\. /);
  });

  it('is refused for a line that does not end', async () => {
    const { message } = await faultOf(read(latin1(`V${'x'.repeat(70_000)}`)));
    expect(message).toContain('FILE, byte 0: has a line of more than 65536 bytes in its pickle. ');
  });
});

import { describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/checkpoint/pickle/pickle.ts';
import { PickleGlobal, PickleObject, type PickleValue } from '../../../src/checkpoint/pickle/value.ts';
import fixture from '../../corpus/pytorch/pickles.json' with { type: 'json' };
import { fromBase64 } from './scratch.ts';

const read = (bytes: Uint8Array): PickleValue => {
  const pickle = readPickle(bytes, 0, (byte) => `FILE, byte ${byte}`);
  if (pickle === null) throw new Error('the pickle is cut off');
  expect(pickle.end).toBe(bytes.length);
  return pickle.value;
};

/** As the fixture spells values: dictionaries as lists of pairs, and what JSON lacks in an object of one key. */
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

describe('readPickle', () => {
  it.each(fixture.pickles)('reads what Python wrote: $name, protocol $protocol', ({ base64, value }) => {
    expect(spelt(read(fromBase64(base64)))).toEqual(value);
  });

  it('gives null for every truncation', () => {
    for (const { base64 } of fixture.pickles) {
      const bytes = fromBase64(base64);
      if (bytes.length > 500) continue;
      for (let length = 0; length < bytes.length; length++) {
        expect(readPickle(bytes.subarray(0, length), 0, String)).toBeNull();
      }
    }
  });

  it('keeps the call of a function as a call', () => {
    const value = read(Buffer.from("cos\nsystem\n(S'touch executed'\ntR.", 'latin1')) as PickleObject;
    expect(value.callable).toEqual(new PickleGlobal('os', 'system'));
    expect(value.args).toEqual(['touch executed']);
  });

  it('keeps the state and the items of an object that it does not know', () => {
    const value = read(Buffer.from('\x80\x02cm\nC\n)\x81Na}K\x01K\x02sb.', 'latin1')) as PickleObject;
    expect(value.items).toEqual([null]);
    expect(value.state).toEqual(new Map([[1, 2]]));
  });
});

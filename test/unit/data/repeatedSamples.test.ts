import { describe, expect, it } from 'vitest';
import { repeatedSamples } from '../../../src/data/index.ts';
import { sharedFloats } from '../../../src/data/sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../../../src/data/storedDataSet.ts';

const setOf = (rows: readonly (readonly number[])[]): StoredDataSet => {
  const values = sharedFloats(rows.length * 2);
  values.set(rows.flat());
  return storedDataSet('set', { kind: 'floats', size: rows.length, shape: [2], values }, []);
};

describe('samples in two sets', () => {
  it('are counted once for each that is there, value for value', () => {
    const one = setOf([
      [1, 2],
      [3, 4],
      [1, 2],
      [2, 1],
    ]);
    const other = setOf([
      [1, 2],
      [4, 3],
      [1, 2.0000002],
    ]);
    expect(repeatedSamples(one, other)).toBe(2);
    expect(repeatedSamples(other, one)).toBe(1);
  });

  it('are found across chunks, and tell rows of many values apart', () => {
    const rows = Array.from({ length: 700 }, (_, i) => [i, 700 - i]);
    expect(repeatedSamples(setOf(rows), setOf(rows.slice(690).reverse()))).toBe(10);
    expect(repeatedSamples(setOf(rows), setOf(rows.map(([a, b]) => [b + 0.5, a])))).toBe(0);
  });
});

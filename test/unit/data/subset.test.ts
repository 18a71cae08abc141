import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataSet, storeOf, subset } from '../../../src/data/index.ts';
import { storedDataSet } from '../../../src/data/storedDataSet.ts';

/** Sample i is [i, -i, i / 2], with its number as a continuous factor and its parity as a categorical one. */
const numbered = (size: number): DataSet => {
  const rows = Float32Array.from({ length: size }, (_, i) => i);
  return storedDataSet(
    'test',
    {
      kind: 'floats',
      size,
      shape: [3],
      values: Float32Array.from(
        { length: 3 * size },
        (_, at) => rows[Math.floor(at / 3)] * [1, -1, 0.5][at % 3],
      ),
    },
    [
      { name: 'number', kind: 'continuous', values: Float64Array.from(rows) },
      {
        name: 'parity',
        kind: 'categorical',
        values: Int32Array.from(rows, (i) => i % 2),
        classes: ['even', 'odd'],
      },
    ],
  );
};

const numbersOf = ({ factors }: DataSet): number[] => [...factors[0].values];
const rowOf = (number: number) => [number, -number, number / 2];

describe('a subset', () => {
  it('has distinct samples in the order of the whole, with their rows and factors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 80 }), fc.nat(1000), fc.nat(), (size, share, seed) => {
        const count = 1 + Math.floor(((size - 1) * share) / 1001);
        const part = subset(numbered(size), count, seed);
        const numbers = numbersOf(part);
        expect([part.name, part.size, part.shape, numbers.length]).toEqual(['test', count, [3], count]);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(numbers.every((number) => number >= 0 && number < size)).toBe(true);
        expect([...part.factors[1].values]).toEqual(numbers.map((number) => number % 2));
        const { shape, data } = part.read(0, count);
        expect(shape).toEqual([count, 3]);
        expect([...data].map((value) => value + 0)).toEqual(numbers.flatMap(rowOf).map((value) => value + 0));
      }),
    );
  });

  it('reads any range of itself', () => {
    const part = subset(numbered(50), 20, 1);
    const numbers = numbersOf(part).slice(7, 12);
    const { shape, data } = part.read(7, 12);
    expect(shape).toEqual([5, 3]);
    expect([...data]).toEqual(numbers.flatMap(rowOf));
    expect(part.read(4, 4).shape).toEqual([0, 3]);
  });

  it('keeps the kind and the class names of a factor', () => {
    const [number, parity] = subset(numbered(50), 20, 1).factors;
    expect(number).toMatchObject({ name: 'number', kind: 'continuous' });
    expect(number.values).toBeInstanceOf(Float64Array);
    expect(parity).toMatchObject({ name: 'parity', kind: 'categorical', classes: ['even', 'odd'] });
    expect(parity.values).toBeInstanceOf(Int32Array);
  });

  it('is drawn by the seed', () => {
    const drawn = (seed: number) => numbersOf(subset(numbered(1000), 100, seed));
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });

  it('is drawn evenly from the whole', () => {
    // Mean of 200 of 0 ... 999 without replacement: 499.5, with a standard error of 18.3.
    const numbers = numbersOf(subset(numbered(1000), 200, 12));
    expect(Math.abs(numbers.reduce((sum, number) => sum + number, 0) / 200 - 499.5)).toBeLessThan(4 * 18.3);
  });

  it('is the data set itself when that is no larger', () => {
    const whole = numbered(20);
    expect(subset(whole, 20, 1)).toBe(whole);
    expect(subset(whole, 1000, 1)).toBe(whole);
  });

  it('is stored as what it holds', () => {
    const part = subset(numbered(50), 20, 1);
    const store = storeOf(part);
    expect([store.size, store.shape]).toEqual([20, [3]]);
    expect(storedDataSet('copy', store, part.factors).read(0, 20)).toEqual(part.read(0, 20));
  });
});

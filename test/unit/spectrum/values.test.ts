import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix, shuffledEntries, valueStatistics } from '../../../src/spectrum/index.ts';
import { normalSource } from './knownSpectrum.ts';

describe('statistics of values', () => {
  it('count what is not finite apart', () => {
    const values = Float32Array.of(
      1,
      Number.NaN,
      -3,
      0,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      5,
      -Infinity,
    );
    expect(valueStatistics([values])).toEqual({
      count: 9,
      nan: 2,
      infinite: 2,
      zero: 2,
      min: -3,
      max: 5,
      mean: 0.6,
      standardDeviation: Math.sqrt((0.16 + 12.96 + 0.36 + 0.36 + 19.36) / 5),
    });
  });

  it('are null of no finite values', () => {
    const none = { zero: 0, min: null, max: null, mean: null, standardDeviation: null };
    expect(valueStatistics([[]])).toEqual({ count: 0, nan: 0, infinite: 0, ...none });
    expect(valueStatistics([[Number.NaN, -Infinity]])).toEqual({ count: 2, nan: 1, infinite: 1, ...none });
  });

  it('do not cancel beside a large mean, over many chunks, in closed form', () => {
    // 0 ... n - 1 has the mean (n - 1) / 2 and the variance (n^2 - 1) / 12.
    const n = 50_001;
    const values = Float64Array.from({ length: n }, (_, k) => 1e9 + k);
    const { mean, standardDeviation } = valueStatistics([values]);
    expect(mean).toBe(1e9 + 25_000);
    expect((standardDeviation ?? 0) / Math.sqrt((n * n - 1) / 12)).toBeCloseTo(1, 11);
  });

  it('of a constant have no deviation, of huge values no overflow of the mean', () => {
    expect(valueStatistics([new Float64Array(10_000).fill(0.1)])).toMatchObject({
      mean: 0.1,
      standardDeviation: 0,
    });
    expect(valueStatistics([new Float64Array(10_000).fill(1.7e308)]).mean).toBe(1.7e308);
    expect(valueStatistics([Float64Array.of(1e300, -1e300)]).standardDeviation).toBeNull();
  });

  it('have no sign at a zero', () => {
    expect(valueStatistics([[-0]])).toMatchObject({ min: 0, max: 0 });
    expect(valueStatistics([[0], [-0]])).toMatchObject({ min: 0, max: 0 });
  });

  it('of several arrays are those of one', () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(0, Number.NaN, Infinity, 1, 2));
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (left, right) => {
        const [together, apart] = [valueStatistics([[...left, ...right]]), valueStatistics([left, right])];
        for (const key of ['count', 'nan', 'infinite', 'zero', 'min', 'max'] as const) {
          expect(apart[key]).toBe(together[key]);
        }
        const size = Math.max(Math.abs(together.min ?? 0), Math.abs(together.max ?? 0));
        expect(Math.abs((apart.mean ?? 0) - (together.mean ?? 0))).toBeLessThanOrEqual(1e-14 * size);
      }),
    );
  });
});

describe('shuffled entries', () => {
  it('are the same entries in another order, which the seed determines', () => {
    const normal = normalSource(1);
    const a = matrix(20, 30, Float64Array.from({ length: 600 }, normal));
    const before = a.data.slice();
    const b = shuffledEntries(a, 7);
    expect(a.data).toEqual(before);
    expect([b.rows, b.columns]).toEqual([20, 30]);
    expect(b.data).not.toEqual(a.data);
    expect(b.data.slice().sort()).toEqual(a.data.slice().sort());
    expect(shuffledEntries(a, 7)).toEqual(b);
    expect(shuffledEntries(a, 8)).not.toEqual(b);
    expect(shuffledEntries(a, 7 + 2 ** 40)).not.toEqual(b);
  });

  it('come equally often in every order', () => {
    const counts = new Map<string, number>();
    const a = matrix(1, 4, Float64Array.of(1, 2, 3, 4));
    for (let seed = 0; seed < 12_000; seed++) {
      const order = shuffledEntries(a, seed).data.join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-squared with 23 degrees of freedom exceeds 49.7 once in a thousand times; the seeds are fixed.
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(chi).toBeLessThan(49.7);
  });

  it('are all there once, and none keeps near its place, where there are too many for the cache', () => {
    const count = 2 ** 18 + 37;
    const a = matrix(
      1,
      count,
      Float64Array.from({ length: count }, (_, k) => k + 1),
    );
    const { data } = shuffledEntries(a, 5);
    expect(data.slice().sort()).toEqual(a.data);
    // From which sixteenth of the positions to which: 225 degrees of freedom, exceeded once in a thousand
    // times; the seed is fixed.
    const moves = new Float64Array(256);
    const sixteenth = (place: number) => Math.floor((16 * place) / count);
    for (const [place, entry] of data.entries()) moves[16 * sixteenth(entry - 1) + sixteenth(place)]++;
    const expected = count / 256;
    expect(moves.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)).toBeLessThan(295);
    // A sequence in random order increases at half of its steps, give or take sqrt(n / 12).
    const rises = data.subarray(1).reduce((sum, entry, k) => sum + (entry > data[k] ? 1 : 0), 0);
    expect(Math.abs(rises - (count - 1) / 2)).toBeLessThan(4 * Math.sqrt(count / 12));
  });

  it('keep rows and columns of zeros, however many there are', () => {
    const [rows, columns] = [600, 300];
    const isZero = (k: number) => Math.floor(k / columns) % 7 === 3 || k % columns === 5;
    const a = matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, (_, k) => (isZero(k) ? 0 : k)),
    );
    const { data } = shuffledEntries(a, 5);
    expect(data.every((value, k) => !isZero(k) || value === 0)).toBe(true);
    expect(data.slice().sort()).toEqual(a.data.slice().sort());
  });
});

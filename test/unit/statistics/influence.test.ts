import { describe, expect, it } from 'vitest';
import { jackknifeError, normalInterval, standardErrorOf } from '../../../src/statistics/index.ts';

describe('the standard error', () => {
  it('of a mean is s / sqrt(n)', () => {
    // 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and sum of squares 32.
    const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
    expect(standardErrorOf(values)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
    expect(standardErrorOf(values.map((value) => value - 5))).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  });

  it('is not known for one sample, and for what is not finite', () => {
    expect(standardErrorOf(Float64Array.of(3))).toBeNull();
    expect(standardErrorOf(Float64Array.of(3, Number.POSITIVE_INFINITY))).toBeNull();
  });
});

describe('the jackknife', () => {
  it('of a mean is s / sqrt(n) when each group is one sample', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    const without = values.map((value) => (40 - value) / 7);
    expect(jackknifeError(without)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  });

  it('has no error when a group leaves no value', () => {
    expect(jackknifeError([1, null, 2])).toBeNull();
    expect(jackknifeError([])).toBeNull();
  });
});

describe('the normal interval', () => {
  it('is 1.96 errors on both sides, within its bounds', () => {
    expect(normalInterval(2, 1)[0]).toBeCloseTo(2 - 1.959964, 6);
    expect(normalInterval(2, 1)[1]).toBeCloseTo(2 + 1.959964, 6);
    expect(normalInterval(0.5, 1, [0, 1])).toEqual([0, 1]);
    // A debiased estimate can be outside.
    expect(normalInterval(-0.1, 0.01, [0, 1])).toEqual([0, 0]);
    expect(normalInterval(1.1, 0.01, [0, 1])).toEqual([1, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  normalBelow,
  optimismOf,
  pairedLoss,
  stratifiedLoss,
  wilsonInterval,
} from '../../../src/statistics/index.ts';

/** Outcomes with `both` right in both, `first` and `second` right in one of them, and `none` in neither. */
const outcomes = (both: number, first: number, second: number, none: number) => ({
  best: Uint8Array.from([...Array(both + first).fill(1), ...Array(second + none).fill(0)]),
  other: Uint8Array.from([
    ...Array(both).fill(1),
    ...Array(first).fill(0),
    ...Array(second).fill(1),
    ...Array(none).fill(0),
  ]),
});

describe('the paired loss', () => {
  it('is (b - c) / n with the standard error of the discordant counts', () => {
    const { best, other } = outcomes(800, 30, 10, 160);
    const { value, error } = pairedLoss(best, other);
    expect(value).toBeCloseTo(0.02, 12);
    expect(error).toBeCloseTo(Math.sqrt(0.04 - 0.0004) / Math.sqrt(1000), 12);
  });

  it('is 0 without error for equal outcomes', () => {
    const { best } = outcomes(3, 0, 0, 2);
    expect(pairedLoss(best, best)).toEqual({ value: 0, error: 0 });
  });

  it('is that of a single stratum', () => {
    const { best, other } = outcomes(50, 12, 7, 31);
    const whole = [{ from: 0, to: 100 }];
    const linear = (values: Uint8Array) => ({ outcomes: values, weights: [0.01] });
    const { value, error } = stratifiedLoss(linear(best), linear(other), whole);
    const expected = pairedLoss(best, other);
    expect(value).toBeCloseTo(expected.value, 12);
    expect(error).toBeCloseTo(expected.error, 12);
  });

  it('has the error of two binomials for the accuracies of different groups', () => {
    // 7 of 10 of the first group against 5 of 20 of the second.
    const best = Uint8Array.from([...Array(7).fill(1), ...Array(23).fill(0)]);
    const other = Uint8Array.from([...Array(10).fill(0), ...Array(5).fill(1), ...Array(15).fill(0)]);
    const groups = [
      { from: 0, to: 10 },
      { from: 10, to: 30 },
    ];
    const { value, error } = stratifiedLoss(
      { outcomes: best, weights: [1 / 10, 0] },
      { outcomes: other, weights: [0, 1 / 20] },
      groups,
    );
    expect(value).toBeCloseTo(0.7 - 0.25, 12);
    expect(error).toBeCloseTo(Math.sqrt((0.7 * 0.3) / 10 + (0.25 * 0.75) / 20), 12);
  });
});

describe('the normal distribution', () => {
  // scipy.stats.norm.cdf
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145707],
    [1.959963984540054, 0.975],
    [-4, 3.167124183311986e-5],
  ])('is at most %f with probability %f', (z, below) => {
    expect(Math.abs(normalBelow(z) - below)).toBeLessThan(1e-7);
  });
});

describe('the optimism of the larger of two', () => {
  // E max(X, Y) - max(E X, E Y) for normal X, Y: error phi(z) - value Phi(-z).
  it.each([
    [0, 1, 0.3989422804014327],
    [1, 1, 0.08331547058768628],
    [0.02, 0.01, 8.490702616886434e-5],
  ])('with a difference of %f ± %f is %f', (value, error, expected) => {
    expect(Math.abs(optimismOf({ value, error }) - expected)).toBeLessThan(1e-7);
  });

  it('is 0 without error', () => {
    expect(optimismOf({ value: 0, error: 0 })).toBe(0);
  });
});

describe('the Wilson interval', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  it.each([
    [8, 10, 0.4901624715366418, 0.9433178485456248],
    [0, 5, 0, 0.43448246478317476],
    [5, 5, 0.5655175352168251, 1],
    [873, 1000, 0.8509252474282143, 0.8922199907415616],
  ])('of %i of %i is that of scipy', (correct, samples, low, high) => {
    const interval = wilsonInterval(correct, samples);
    expect(interval[0]).toBeCloseTo(low, 9);
    expect(interval[1]).toBeCloseTo(high, 9);
  });
});

import { describe, expect, it } from 'vitest';
import { lossBetween } from '../../../src/choose/scores.ts';
import { meanOverDraws } from '../../../src/statistics/index.ts';

describe('the mean over draws', () => {
  it("has an error whose 1.96-fold is half the interval of Student's t", () => {
    // Mean 3, standard deviation 1.5811; t of 4 degrees of freedom: 2.7764.
    const { value, error } = meanOverDraws([1, 2, 3, 4, 5]);
    expect(value).toBe(3);
    expect(error * 1.959964).toBeCloseTo((2.776445 * 1.5811388) / Math.sqrt(5), 5);
  });

  it('knows nothing from a single draw', () => {
    expect(meanOverDraws([0.4])).toEqual({ value: 0.4, error: Number.POSITIVE_INFINITY });
  });
});

describe('the loss between two layers', () => {
  const outcomes = (...right: number[]) => Uint8Array.from(right);
  const best = { ranked: outcomes(1, 1, 1, 1, 0, 1), byDraw: null };
  const other = { ranked: outcomes(1, 0, 1, 0, 0, 1), byDraw: null };

  it('is paired by sample without draws, and where only one has them', () => {
    const byDraw = [0.5, 1, 1];
    const paired = lossBetween(best, other);
    expect(paired.value).toBeCloseTo(1 / 3, 12);
    expect(lossBetween({ ...best, byDraw }, other)).toEqual(paired);
    // A single draw says nothing about its error.
    expect(lossBetween({ ...best, byDraw: [1] }, { ...other, byDraw: [0] })).toEqual(paired);
  });

  it('has the spread of the differences of draws, which labelled samples add to', () => {
    const drawn = (layer: typeof best, byDraw: number[]) => ({ ...layer, byDraw });
    const same = lossBetween(drawn(best, [1, 1, 0.5]), drawn(other, [0.75, 0.75, 0.25]));
    expect(same.value).toBeCloseTo(1 / 3, 12);
    expect(same.error).toBeCloseTo(0, 12);
    const spread = lossBetween(drawn(best, [1, 1, 0.5]), drawn(other, [0, 1, 0.5]));
    expect(spread.error).toBeGreaterThan(lossBetween(best, other).error);
  });
});

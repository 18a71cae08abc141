import { describe, expect, it } from 'vitest';
import { tQuantile, withinT } from '../../../src/statistics/index.ts';

describe("Student's t", () => {
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [3, 3.1824463052837078],
    [4, 2.7764451051977934],
    [5, 2.5705818356363146],
    [9, 2.262157162798205],
    [30, 2.0422724563012378],
    [63, 1.998340542520741],
    [100, 1.9839715185235518],
  ])('has the quantile of scipy.stats.t.ppf(0.975, %i)', (degrees, expected) => {
    expect(tQuantile(0.95, degrees) / expected).toBeCloseTo(1, 12);
  });

  it.each([
    [1, 0.6614939453393345],
    [2, 0.7687665737984288],
    [3, 0.8123093584465899],
    [4, 0.83564505872995],
    [9, 0.8766523378561761],
    [10, 0.8800306540909797],
  ])('has the probability of scipy.stats.t with %i degrees', (degrees, expected) => {
    expect(withinT(1.7, degrees)).toBeCloseTo(expected, 13);
  });

  it('is the tangent of an angle with one degree of freedom', () => {
    expect(tQuantile(0.95, 1)).toBeCloseTo(Math.tan((0.95 * Math.PI) / 2), 10);
  });
});

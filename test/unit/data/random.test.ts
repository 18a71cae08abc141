import { describe, expect, it } from 'vitest';
import { openStream, permutation } from '../../../src/data/index.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const COUNT = 40_000;
/** Five standard errors of a mean of COUNT numbers of unit variance: one false alarm in two million. */
const BOUND = 5 / Math.sqrt(COUNT);

describe('openStream', () => {
  it('gives the same numbers for the same key and others for any other key', () => {
    const first = (...key: Parameters<typeof openStream>) => openStream(...key).uniform();
    const keys: Parameters<typeof openStream>[] = [
      [1, 'view', 0, 0, 0],
      [2, 'view', 0, 0, 0],
      [1, 'order', 0, 0, 0],
      [1, 'view', 1, 0, 0],
      [1, 'view', 0, 1, 0],
      [1, 'view', 0, 0, 1],
      [1, 'view', 0, 0],
    ];
    expect(new Set(keys.map((key) => first(...key))).size).toBe(keys.length);
    for (const key of keys) expect(first(...key)).toBe(first(...key));
  });

  it('is uniform on [0, 1): Kolmogorov-Smirnov distance below the 1e-6 quantile', () => {
    const random = openStream(7, 'uniform');
    const sorted = draw(COUNT, () => random.uniform()).sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((value, at) => Math.abs(value - (at + 0.5) / COUNT)));
    expect(distance).toBeLessThan(2.7 / Math.sqrt(COUNT));
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(sorted[COUNT - 1]).toBeLessThan(1);
  });

  it('starts uniformly and independently over neighbouring keys', () => {
    const starts = draw(COUNT, (): number => 0).map((_, at) => openStream(7, 'view', 0, at, 0).uniform());
    const unit = starts.map((value) => (value - 0.5) * Math.sqrt(12));
    expect(Math.abs(meanOf(unit))).toBeLessThan(BOUND);
    const products = unit.slice(1).map((value, at) => value * unit[at]);
    expect(Math.abs(meanOf(products))).toBeLessThan(BOUND);
    const views = unit.map(
      (value, at) => value * (openStream(7, 'view', 0, at, 1).uniform() - 0.5) * Math.sqrt(12),
    );
    expect(Math.abs(meanOf(views))).toBeLessThan(BOUND);
  });

  it('draws normal numbers with the first four moments of the normal law', () => {
    const random = openStream(7, 'gaussian');
    const values = draw(COUNT, () => random.gaussian());
    const moment = (power: number) => meanOf(values.map((value) => value ** power));
    // Variances of x^k under the normal law: E x^2k - (E x^k)^2.
    expect(Math.abs(moment(1))).toBeLessThan(BOUND);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(BOUND * Math.sqrt(2));
    expect(Math.abs(moment(3))).toBeLessThan(BOUND * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(BOUND * Math.sqrt(96));
    expect(Math.abs(meanOf(values.slice(1).map((value, at) => value * values[at])))).toBeLessThan(BOUND);
  });

  it('draws signs of unit variance and integers within their range', () => {
    const random = openStream(7, 'sign');
    const signs = draw(COUNT, () => random.sign());
    expect(new Set(signs)).toEqual(new Set([-1, 1]));
    expect(Math.abs(meanOf(signs))).toBeLessThan(BOUND);
    const counts = [0, 0, 0];
    for (let at = 0; at < COUNT; at++) counts[random.integer(3)]++;
    for (const count of counts) expect(Math.abs(count / COUNT - 1 / 3)).toBeLessThan(BOUND / 2);
  });
});

describe('permutation', () => {
  it('holds every index once, and puts each anywhere with equal probability', () => {
    const random = openStream(7, 'order');
    const places = [0, 0, 0, 0, 0];
    for (let round = 0; round < 10_000; round++) {
      const order = permutation(5, random);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      places[order.indexOf(2)]++;
    }
    for (const count of places) expect(Math.abs(count / 10_000 - 0.2)).toBeLessThan(5 * 0.4 * 0.01);
  });
});

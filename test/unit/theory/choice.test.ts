import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestDepthFraction,
  bestLayer,
  preferredSide,
  sampleComplexity,
  tau,
} from '../../../src/theory/index.ts';

const value = fc.double({ min: 0.1, max: 3, noNaN: true });
const features = fc.array(fc.record({ phi: value, sigma: value, hat: value }), {
  minLength: 2,
  maxLength: 8,
});
const post = (phi: number, sigma: number) => phi / (phi ** 2 + sigma ** 2);

describe('the pre-or-post rule', () => {
  it('has the sign of the difference of sample complexities', () => {
    fc.assert(
      fc.property(features, (list) => {
        const s = list.map(({ phi, sigma }) => post(phi, sigma));
        const hat = list.map((feature) => feature.hat);
        const pre = s.map(Math.sqrt);
        const difference = sampleComplexity(pre, hat, 0) - sampleComplexity(s, hat, 0);
        const margin = s[0] - tau(s, hat, 0)!;
        if (Math.abs(margin) < 1e-9) return;
        expect(Math.sign(difference)).toBe(Math.sign(margin));
        expect(preferredSide(s[0], tau(s, hat, 0))).toBe(difference < 0 ? 'pre' : 'post');
      }),
    );
  });

  it('is indifferent without competitors and between equals', () => {
    expect(tau([0.5], [1], 0)).toBeNull();
    expect(preferredSide(0.5, null)).toBe('either');
    expect(preferredSide(0.3, tau([0.3, 0.3, 0.3], [1, 2, 3], 0))).toBe('either');
    expect(sampleComplexity([0, 1], [1, 1], 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the best depth', () => {
  const complexityAt = (s: number[], hat: number[], t: number) =>
    sampleComplexity(
      s.map((weight) => weight ** t),
      hat,
      0,
    );

  it('has no better neighbour on a fine grid', () => {
    fc.assert(
      fc.property(features, (list) => {
        const s = list.map(({ phi, sigma }) => post(phi, sigma));
        const hat = list.map((feature) => feature.hat);
        const least = complexityAt(s, hat, bestDepthFraction(s, hat, 0));
        for (let t = 0; t <= 1; t += 0.01) {
          expect(least).toBeLessThanOrEqual(complexityAt(s, hat, t) * (1 + 1e-12));
        }
      }),
    );
  });

  it('is the input end for the smallest weight, the output for the largest, the earliest for equals', () => {
    expect(bestDepthFraction([0.2, 0.5, 0.9], [1, 1, 1], 0)).toBe(0);
    expect(bestDepthFraction([0.9, 0.5, 0.2], [1, 1, 1], 0)).toBe(1);
    expect(bestDepthFraction([0.5, 0.5], [1, 1], 0)).toBe(0);
    expect(bestDepthFraction([0, 0.5], [1, 1], 0)).toBe(0);
    expect(bestLayer([0.2, 0.5], [1, 1], 0, 4)).toBe(1);
    expect(bestLayer([0.5, 0.2], [1, 1], 0, 4)).toBe(4);
    expect(bestLayer([0.5, 0.5], [1, 1], 0, 4)).toBe(1);
  });

  it('solves the symmetric two-competitor case in closed form', () => {
    // Rates +r and -q of equal energy: SC' = 0 at t = ln(q / r) / (2 (r + q)).
    const [r, q] = [0.4, 1.1];
    const s = [1, Math.exp(r), Math.exp(-q)];
    const expected = Math.log(q / r) / (2 * (r + q));
    expect(bestDepthFraction(s, [1, 1, 1], 0)).toBeCloseTo(expected, 12);
    expect(bestLayer(s, [1, 1, 1], 0, 3)).toBe(1);
  });
});

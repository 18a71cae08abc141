import { describe, expect, it } from 'vitest';
import {
  type EstimatedMeasures,
  estimatedMeasures,
  lanczosQuadrature,
  largestSingularValues,
  type Matrix,
  matrix,
  operatorOfValues,
  singularValues,
  squaredNorm,
  weightMeasures,
} from '../../../src/spectrum/index.ts';
import { normalMatrix, withSpectrum } from './knownSpectrum.ts';

const operatorOf = ({ data, rows, columns }: Matrix) => operatorOfValues(data, rows, columns);
const decaying = (of: (k: number) => number) => Float64Array.from({ length: 60 }, (_, k) => of(k));

const matrices: [string, Matrix, Float64Array][] = (
  [
    ['falling as 1/k', 60, 100, decaying((k) => 1 / (1 + k))],
    ['falling by tenths', 100, 60, decaying((k) => 0.9 ** k)],
    ['a flat bulk with three spikes', 75, 60, decaying((k) => (k < 3 ? 10 - k : 2 - k / 60))],
    ['of rank 7', 60, 65, decaying((k) => (k < 7 ? 3 - k / 4 : 0))],
    ['all equal', 60, 60, decaying(() => 2)],
  ] as const
).map(([name, rows, columns, sigma]) => [name, withSpectrum(rows, columns, sigma), sigma]);
const noise = normalMatrix(75, 200, 7);
matrices.push(['noise', noise, singularValues(noise)]);

/** sup |F - G| of the shares at or below x, over all places where either jumps, from both sides. */
function kolmogorov(nodes: Float64Array, weights: Float64Array, sigma: Float64Array): number {
  const lambdas = sigma.map((value) => value * value);
  // Values that differ only by rounding are one place.
  const slack = 1e-12 * lambdas[0];
  let most = 0;
  for (const x of [...nodes, ...lambdas]) {
    for (const place of [x - slack, x + slack]) {
      const estimate = nodes.reduce((sum, node, k) => sum + (node <= place ? weights[k] : 0), 0);
      const exact = lambdas.filter((lambda) => lambda <= place).length / lambdas.length;
      const near = lambdas.some((lambda) => Math.abs(lambda - place) < slack / 2);
      if (!near) most = Math.max(most, Math.abs(estimate - exact));
    }
  }
  return most;
}

/** Area between the two distribution functions. */
function wasserstein(nodes: Float64Array, weights: Float64Array, sigma: Float64Array): number {
  const steps = [
    ...Array.from(nodes, (x, k) => [x, weights[k]]),
    ...Array.from(sigma, (value) => [value * value, -1 / sigma.length]),
  ].sort(([x], [y]) => x - y);
  let [area, difference] = [0, 0];
  for (const [k, [x, step]] of steps.entries()) {
    if (k > 0) area += Math.abs(difference) * (x - steps[k - 1][0]);
    difference += step;
  }
  return area;
}

describe('stochastic Lanczos quadrature', () => {
  it.each(matrices)('of a matrix %s keeps its bounds, over ten seeds', (_, a, sigma) => {
    for (let seed = 0; seed < 10; seed++) {
      const found = lanczosQuadrature(operatorOf(a), { steps: 30, vectors: 3, seed });
      expect(found.eigenvalues).toBe(sigma.length);
      expect(found.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(kolmogorov(found.nodes, found.weights, sigma)).toBeLessThanOrEqual(found.kolmogorov);
      expect(wasserstein(found.nodes, found.weights, sigma)).toBeLessThanOrEqual(found.wasserstein);
      expect(found.largest.lower).toBeLessThanOrEqual(sigma[0] ** 2 * (1 + 1e-12));
      expect(found.largest.upper).toBeGreaterThanOrEqual(sigma[0] ** 2 * (1 - 1e-12));
    }
  });

  it('finds the mean of lambda and of its square as closely as the sampling allows', () => {
    const sigma = singularValues(noise);
    const { nodes, weights } = lanczosQuadrature(operatorOf(noise), { steps: 20, vectors: 200, seed: 1 });
    const meanOf = (power: number) => sigma.reduce((sum, value) => sum + value ** power, 0) / sigma.length;
    const estimate = (power: number) =>
      nodes.reduce((sum, node, k) => sum + weights[k] * node ** (power / 2), 0);
    expect(estimate(2) / meanOf(2)).toBeCloseTo(1, 1);
    expect(Math.abs(estimate(4) / meanOf(4) - 1)).toBeLessThan(0.03);
  });

  it('is exact where the Krylov space closes: one value, and a matrix of zeros', () => {
    const equal = lanczosQuadrature(operatorOf(withSpectrum(40, 30, new Float64Array(30).fill(2))));
    for (const node of equal.nodes) expect(node).toBeCloseTo(4, 10);
    const zero = lanczosQuadrature(operatorOf(matrix(5, 9)));
    expect([zero.largest, Math.max(...zero.nodes)]).toEqual([{ lower: 0, upper: 0 }, 0]);
  });

  it('sees that few values are left out of a matrix of low rank', () => {
    const { kolmogorov: bound } = lanczosQuadrature(operatorOf(matrices[3][1]), { vectors: 20 });
    expect(bound).toBeLessThan(0.1);
  });

  it('is the same for the same seed, and stops when told', () => {
    const once = lanczosQuadrature(operatorOf(noise), { steps: 10, seed: 5 });
    expect(lanczosQuadrature(operatorOf(noise), { steps: 10, seed: 5 })).toEqual(once);
    expect(lanczosQuadrature(operatorOf(noise), { steps: 10, seed: 6 })).not.toEqual(once);
    const check = () => {
      throw new Error('stopped');
    };
    expect(() => lanczosQuadrature(operatorOf(noise), { check })).toThrow('stopped');
  });

  it('narrows with more vectors and steps', () => {
    const bound = (steps: number, vectors: number) =>
      lanczosQuadrature(operatorOf(noise), { steps, vectors }).kolmogorov;
    expect(bound(60, 40)).toBeLessThan(bound(15, 3) / 2);
  });
});

describe('measures from the estimate', () => {
  it.each(matrices)('of a matrix %s lie with the exact ones in the interval stated', (_, a, sigma) => {
    const exact = weightMeasures(sigma, a);
    for (let seed = 0; seed < 5; seed++) {
      const distribution = lanczosQuadrature(operatorOf(a), { steps: 60, vectors: 30, seed });
      const found = estimatedMeasures(distribution, squaredNorm(a));
      for (const key of ['stableRank', 'effectiveRank', 'participationRatio'] as const) {
        const interval = /^estimate; (\S+) to (\S+) with probability 0\.99$/.exec(found[key].note ?? '');
        expect(interval, key).not.toBeNull();
        const [least, most] = [Number(interval?.[1]), Number(interval?.[2])];
        for (const value of [exact[key]?.value, found[key].value]) {
          expect(value, key).toBeGreaterThanOrEqual(least * (1 - 1e-3));
          expect(value, key).toBeLessThanOrEqual(most * (1 + 1e-3));
        }
      }
    }
  });

  it('come close for noise', () => {
    const exact = weightMeasures(singularValues(noise), noise);
    const distribution = lanczosQuadrature(operatorOf(noise), { steps: 60, vectors: 30 });
    const found: EstimatedMeasures = estimatedMeasures(distribution, squaredNorm(noise));
    for (const [key, measure] of Object.entries(found)) {
      const truth = exact[key as keyof EstimatedMeasures]?.value ?? 0;
      expect(Math.abs((measure.value ?? 0) / truth - 1), key).toBeLessThan(0.05);
    }
  });

  it('have no value for zeros', () => {
    const zero = lanczosQuadrature(operatorOf(matrix(5, 9)));
    expect(estimatedMeasures(zero, 0).effectiveRank).toEqual({ value: null, note: 'all weights are zero' });
  });
});

describe('the largest singular values by block Krylov iteration', () => {
  it.each(matrices)('of a matrix %s are within their bounds', (_, a, sigma) => {
    for (const depth of [2, 4, 12]) {
      const { values, errorBounds, missing } = largestSingularValues(operatorOf(a), 6, squaredNorm(a), {
        depth,
      });
      expect(values.length).toBe(6);
      for (const [k, value] of values.entries()) {
        const nearest = sigma.reduce((least, exact) => Math.min(least, Math.abs(exact - value)), 1e9);
        expect(nearest, `${depth}: value ${k}`).toBeLessThanOrEqual(errorBounds[k] + 1e-13 * sigma[0]);
        expect(value).toBeLessThanOrEqual(sigma[k] + 1e-12 * sigma[0]);
      }
      const total = sigma.reduce((sum, value) => sum + value * value, 0);
      const left = total - sigma.slice(0, 6).reduce((sum, value) => sum + value * value, 0);
      expect(missing[1]).toBeGreaterThanOrEqual(left - 1e-11 * total);
      if (depth === 12) expect(missing[0]).toBeLessThanOrEqual(left + 1e-11 * total);
    }
  });

  it('converge on separate values, long before the depth allowed', () => {
    const sigma = decaying((k) => 0.7 ** k);
    const a = withSpectrum(150, 60, sigma);
    let products = 0;
    const check = () => void products++;
    const { values, errorBounds } = largestSingularValues(operatorOf(a), 5, squaredNorm(a), {
      depth: 100,
      check,
    });
    for (const [k, value] of values.entries()) {
      expect(Math.abs(value - sigma[k])).toBeLessThan(1e-12);
      expect(errorBounds[k]).toBeLessThan(1e-9);
    }
    expect(products).toBeLessThan(120);
  });

  it('are all there are of a small matrix, and zero for zeros', () => {
    const a = normalMatrix(4, 9, 2);
    const { values } = largestSingularValues(operatorOf(a), 10, squaredNorm(a));
    const exact = singularValues(a);
    expect(values.length).toBe(4);
    for (const [k, value] of values.entries()) expect(value).toBeCloseTo(exact[k], 12);
    const zero = largestSingularValues(operatorOf(matrix(6, 5)), 2, 0);
    expect(zero).toEqual({
      values: Float64Array.of(0, 0),
      errorBounds: Float64Array.of(0, 0),
      missing: [0, 0],
    });
  });
});

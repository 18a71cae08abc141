import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matrix, singularValues, transpose } from '../../../src/spectrum/index.ts';
import { congruential, normalMatrix, withSpectrum } from './knownSpectrum.ts';

const oracle: { rows: number; columns: number; singularValues: number[] }[] = JSON.parse(
  readFileSync(new URL('./fixtures/singular_values.json', import.meta.url), 'utf8'),
);

/** The largest deviation, in units of the largest value. */
function deviation(actual: Float64Array, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k])), 0) / expected[0];
}

describe('singular values of larger matrices', () => {
  it.each(oracle)('$rows x $columns, as numpy', ({ rows, columns, singularValues: expected }) => {
    expect(deviation(singularValues(congruential(rows, columns)), expected)).toBeLessThan(1e-14);
  });

  it('of the triangle of ones, in closed form', () => {
    const n = 150;
    const ones = matrix(n, n);
    for (let i = 0; i < n; i++) ones.data.fill(1, i * n + i, (i + 1) * n);
    const exact = Array.from({ length: n }, (_, k) => 0.5 / Math.sin(((2 * k + 1) * Math.PI) / (4 * n + 2)));
    expect(deviation(singularValues(ones), exact)).toBeLessThan(1e-14);
  });

  it.each([
    ['falling by halves', (k: number) => 2 ** -k],
    ['falling as 1/k', (k: number) => 1 / (1 + k)],
    ['all equal', () => 1],
    ['of rank 5', (k: number) => (k < 5 ? 1 : 0)],
    ['in two clusters', (k: number) => (k < 20 ? 1 + 1e-13 * k : 1e-6)],
    ['falling to 1e-200', (k: number) => 10 ** (-4 * k)],
  ])('that are known by construction: %s', (_, of) => {
    const exact = Array.from({ length: 50 }, (_, k) => of(k)).sort((a, b) => b - a);
    for (const [rows, columns] of [
      [50, 50],
      [50, 61],
      [160, 50],
    ]) {
      expect(deviation(singularValues(withSpectrum(rows, columns, exact)), exact)).toBeLessThan(1e-14);
    }
  });

  it('with rows and columns of zeros, and with zeros on the diagonal of a bidiagonal matrix', () => {
    const a = normalMatrix(20, 33, 5);
    const padded = matrix(24, 40);
    for (let i = 0; i < 20; i++) padded.data.set(a.data.subarray(i * 33, (i + 1) * 33), (i + 2) * 40 + 3);
    const expected = [...singularValues(a), 0, 0, 0, 0];
    expect(deviation(singularValues(padded), expected)).toBeLessThan(1e-14);

    const chain = matrix(30, 30);
    for (let i = 0; i < 30; i++) {
      chain.data[i * 30 + i] = i === 10 || i === 20 ? 0 : 1;
      if (i < 29) chain.data[i * 30 + i + 1] = 1;
    }
    const values = singularValues(chain);
    expect(values[28]).toBeGreaterThan(0.05);
    expect(values[29]).toBeLessThan(1e-15);
    expect(deviation(singularValues(transpose(chain)), values)).toBeLessThan(1e-14);
  });

  it('without rows or columns are none', () => {
    expect(singularValues(matrix(0, 4))).toEqual(new Float64Array(0));
    expect(singularValues(matrix(4, 0))).toEqual(new Float64Array(0));
  });

  it('can be stopped at any time, and do not mind afterwards', () => {
    const a = normalMatrix(60, 150, 3);
    const before = singularValues(a);
    let calls = 0;
    singularValues(a, { check: () => void calls++ });
    expect(calls).toBeGreaterThan(60);
    for (let stop = 1; stop <= calls; stop += 7) {
      let left = stop;
      const check = () => {
        if (--left === 0) throw new Error('stopped');
      };
      expect(() => singularValues(a, { check })).toThrow('stopped');
    }
    expect(singularValues(a)).toEqual(before);
  });

  it('are not disturbed by a larger matrix before', () => {
    const small = normalMatrix(9, 7, 1);
    const before = singularValues(small);
    singularValues(normalMatrix(70, 70, 2));
    expect(singularValues(small)).toEqual(before);
  });
});

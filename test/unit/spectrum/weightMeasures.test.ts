import { describe, expect, it } from 'vitest';
import { WEIGHT_DEFINITIONS } from '../../../src/protocol/index.ts';
import {
  fitBulk,
  type Matrix,
  matrix,
  shuffledEntries,
  singularValues,
  squaredNorm,
  weightMeasures,
} from '../../../src/spectrum/index.ts';
import { golden, goldenMatrices } from '../../golden/generator.ts';
import { normalMatrix, withSpectrum } from './knownSpectrum.ts';

const eigenvalues = (a: Matrix) => singularValues(a).map((sigma) => sigma * sigma);

const plus = (a: Matrix, b: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((entry, k) => entry + b.data[k]),
  );

const times = (a: Matrix, s: number): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((entry) => s * entry),
  );

describe('the Marchenko-Pastur bulk', () => {
  it.each([
    [300, 300, 0.02],
    [200, 500, 1],
    [400, 100, 30],
  ])('of noise, %i x %i of deviation %f, has its edge and no spikes', (rows, columns, sigma) => {
    for (let seed = 1; seed <= 3; seed++) {
      const a = times(normalMatrix(rows, columns, seed), sigma);
      const fit = fitBulk(eigenvalues(a), a);
      const edge = (sigma * (Math.sqrt(rows) + Math.sqrt(columns))) ** 2;
      expect(Math.abs((fit?.edge ?? 0) / edge - 1)).toBeLessThan(0.02);
      expect(Math.abs((fit?.sigma ?? 0) / sigma - 1)).toBeLessThan(0.01);
      expect(fit?.spikes).toBe(0);
    }
  });

  it('lets planted spikes stick out, in any unit, where theory has them', () => {
    const [rows, columns] = [200, 400];
    const threshold = (rows * columns) ** 0.25;
    const planted = [6, 5, 4, 3, 2].map((share) => share * threshold);
    const hidden = [0.5, 0.4].map((share) => share * threshold);
    for (const unit of [1e-3, 1, 1e4]) {
      const a = times(
        plus(normalMatrix(rows, columns, 11), withSpectrum(rows, columns, [...planted, ...hidden])),
        unit,
      );
      const fit = fitBulk(eigenvalues(a), a);
      expect(fit?.spikes).toBe(planted.length);
      expect(Math.abs((fit?.sigma ?? 0) / unit - 1)).toBeLessThan(0.01);
    }
  });

  it('of several slices is that of one', () => {
    const slices = [1, 2, 3, 4].map((seed) => normalMatrix(100, 150, seed));
    slices[2] = plus(slices[2], withSpectrum(100, 150, [60]));
    const pooled = Float64Array.from(slices.flatMap((slice) => [...eigenvalues(slice)]));
    const fit = fitBulk(pooled, { rows: 100, columns: 150, slices: 4 });
    expect(fit?.spikes).toBe(1);
    expect(fit?.sigma).toBeCloseTo(1, 1);
  });

  it('is none of zeros', () => expect(fitBulk(new Float64Array(9), { rows: 9, columns: 9 })).toBeNull());
});

describe('the measures of a weight matrix', () => {
  it('are the golden ones', () => {
    const { x } = goldenMatrices();
    const found = weightMeasures(singularValues(x), x);
    const close = (value: number | null | undefined, expected: number) =>
      expect(Math.abs((value ?? Number.NaN) / expected - 1)).toBeLessThan(1e-10);
    close(found.stableRank?.value, golden.stable_rank_uncentered);
    close(found.effectiveRank?.value, golden.erank_roy_vetterli);
    close(found.matrixEntropy?.value, golden.ww_matrix_entropy);
    close(found.spectralNorm?.value, golden.sv_uncentered[0]);
    close(found.condition?.value, golden.sv_uncentered[0] / golden.sv_uncentered[7]);
    close(found.frobeniusNorm?.value, Math.sqrt(squaredNorm(x)));
    expect(found.numericalRank).toEqual({ value: 8 });

    const pareto = Float64Array.from({ length: 100 }, (_, i) => (1 - (i + 0.5) / 100) ** (-1 / 1.5));
    const sigma = pareto.map(Math.sqrt).reverse();
    const tail = weightMeasures(sigma, { rows: 100, columns: 100 });
    const expected = golden['wwfit_pareto_quantiles_n100_alpha2.5'];
    close(tail.alpha?.value, expected.alpha);
    close(tail.alphaError?.value, expected.sigma);
    close(tail.ksDistance?.value, expected.D);
    close(tail.xmin?.value, expected.xmin);
    expect(tail.tail).toEqual({ value: 100 });
  });

  it('of k equal values are k', () => {
    const { stableRank, effectiveRank, participationRatio, matrixEntropy, numericalRank, condition } =
      weightMeasures(Float64Array.of(3, 3, 3, 3, 0), { rows: 5, columns: 8 });
    for (const measure of [stableRank, effectiveRank, participationRatio]) {
      expect(measure?.value).toBeCloseTo(4, 12);
    }
    expect(matrixEntropy?.value).toBeCloseTo(1, 6);
    expect(numericalRank).toEqual({ value: 4 });
    // 1 / (8 * 2^-52)
    const above = 2 ** 49;
    expect(condition).toEqual({ value: null, note: '> 5.6e14: the smallest singular value is 0', above });
  });

  it('count as zero what the larger side allows for rounding', () => {
    const rankFor = (columns: number) =>
      weightMeasures(Float64Array.of(1, 1e-13), { rows: 2, columns }).numericalRank?.value;
    expect([rankFor(100), rankFor(1000)]).toEqual([2, 1]);
    expect(weightMeasures(Float64Array.of(1, 1e-13), { rows: 2, columns: 1000 }).condition).toEqual({
      value: null,
      note: '> 4.5e12: the smallest singular value is below the precision of float64',
      above: 1 / (1000 * Number.EPSILON),
    });
  });

  it('have all keys, each defined, with the shuffled ones only when asked for', () => {
    const a = normalMatrix(30, 40, 3);
    const sigma = singularValues(a);
    const all = weightMeasures(sigma, a, singularValues(shuffledEntries(a, 1)));
    expect(Object.keys(all).sort()).toEqual(Object.keys(WEIGHT_DEFINITIONS).sort());
    expect(Object.keys(weightMeasures(sigma, a)).some((key) => /shuffled/i.test(key))).toBe(false);
    expect(all.shuffledSpectralNorm?.value).not.toBe(all.spectralNorm?.value);
  });

  it('tell an arrangement of the weights from their sizes', () => {
    const a = plus(times(normalMatrix(60, 80, 3), 0.01), withSpectrum(60, 80, [5, 4]));
    const found = weightMeasures(singularValues(a), a, singularValues(shuffledEntries(a, 1)));
    expect(found.stableRank?.value).toBeLessThan(2);
    expect(found.shuffledStableRank?.value).toBeGreaterThan(4);
    expect(found.spikes).toEqual({ value: 2 });
  });

  it.each<[string, Matrix, Record<string, string>]>([
    ['zeros', matrix(4, 6), { alpha: 'all weights are zero', spikes: 'all weights are zero' }],
    ['nothing', matrix(0, 6), { stableRank: 'the matrix is empty', alpha: 'the matrix is empty' }],
    [
      'one row',
      normalMatrix(1, 9, 2),
      {
        alpha: 'no power law: one eigenvalue above 0.00001',
        matrixEntropy: 'the rank is 1',
        bulkEdge: 'the smaller side is 1, too few for a bulk',
      },
    ],
    ['equal values', withSpectrum(12, 12, new Array(12).fill(1)), {}],
    ['rank one', withSpectrum(20, 30, [5]), { matrixEntropy: 'the rank is 1' }],
    ['tiny weights', times(normalMatrix(12, 12, 3), 1e-200), {}],
    ['huge weights', times(normalMatrix(12, 12, 3), 1e200), {}],
  ])('of %s are numbers or say why not', (_, a, expected) => {
    const sigma = singularValues(a);
    const found = weightMeasures(sigma, a, sigma);
    for (const [key, measure] of Object.entries(found)) {
      if (measure.value === null) expect(measure.note, key).toMatch(/\w/);
      else expect(Number.isFinite(measure.value), key).toBe(true);
    }
    for (const [key, note] of Object.entries(expected)) {
      expect(found[key as keyof typeof found]).toEqual({ value: null, note });
    }
  });
});

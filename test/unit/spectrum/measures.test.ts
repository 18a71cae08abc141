import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignment,
  alphaReq,
  classScatterOf,
  effectiveNumber,
  effectiveRank,
  equiangularity,
  equinormness,
  fitPowerLaw,
  gini,
  matrix,
  matrixEntropy,
  matrixOfRows,
  measured,
  nearestCentreAgreement,
  participationRatio,
  rankMe,
  sampleCaution,
  selfDuality,
  stableRank,
  stdOfNormalised,
  uniformity,
  withinClassVariability,
} from '../../../src/spectrum/index.ts';
import { lcg } from '../../golden/generator.ts';

const ones = (count: number) => new Float64Array(count).fill(1);
const identity = (n: number) =>
  matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0)),
  );

describe('rank measures', () => {
  it('count equal values, and 1 of a single one', () => {
    const padded = Float64Array.of(2, 2, 2, 0, 0);
    expect(effectiveRank(padded).value).toBeCloseTo(3, 13);
    expect(stableRank(padded).value).toBe(3);
    expect(rankMe(padded).value).toBeCloseTo(3, 4);
    expect(participationRatio(identity(5)).value).toBe(5);
    expect(effectiveRank(Float64Array.of(7, 0)).value).toBe(1);
    expect(matrixEntropy(ones(4), 4).value).toBeCloseTo(1, 8);
  });

  it('do not change with scale and stay between 1 and the number of values', () => {
    const values = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.double({ min: 1e-100, max: 1e100, noNaN: true }), (list, s) => {
        const sigma = Float64Array.from(list).sort().reverse();
        for (const measure of [effectiveRank, stableRank]) {
          const { value } = measure(sigma);
          expect(value).toBeGreaterThan(1 - 1e-12);
          expect(value).toBeLessThan(sigma.length + 1e-9);
          expect(measure(sigma.map((x) => s * x)).value! / value!).toBeCloseTo(1, 10);
        }
      }),
    );
  });

  it('have no value for the zero matrix', () => {
    const zero = new Float64Array(3);
    for (const result of [
      effectiveRank(zero),
      rankMe(zero),
      stableRank(zero),
      participationRatio(matrix(2, 2)),
    ]) {
      expect(result.value).toBeNull();
      expect(result.note).toMatch(/zero/);
    }
    expect(matrixEntropy(Float64Array.of(1), 1)).toEqual({ value: null, note: 'the rank is 1' });
  });

  it('carry a caution about few samples, and never a NaN', () => {
    expect(sampleCaution(50, 64)).toBe('capped by 50 samples in 64 dimensions');
    expect(sampleCaution(100, 64)).toBe('100 samples for 64 dimensions, fewer than 10 each');
    expect(sampleCaution(640, 64)).toBeUndefined();
    expect(measured(Number.NaN).value).toBeNull();
  });
});

describe('alpha-ReQ', () => {
  const powers = (count: number) => Float64Array.from({ length: count }, (_, i) => 5 * (i + 1) ** -1.7);

  it('finds the exponent of an exact power law by either weighting', () => {
    expect(alphaReq(powers(300)).value).toBeCloseTo(1.7, 12);
    expect(alphaReq(powers(300), { weights: 'equal' }).value).toBeCloseTo(1.7, 12);
    expect(alphaReq(powers(300)).note).toBeUndefined();
  });

  it('says which ranks it used when there are fewer, and gives up below three', () => {
    expect(alphaReq(powers(20)).note).toBe('fitted on ranks 11 to 20');
    expect(alphaReq(powers(12))).toEqual({
      value: null,
      note: '12 nonzero eigenvalues are too few for a fit from rank 11',
    });
    const rounding = Float64Array.from({ length: 40 }, (_, i) => (i < 15 ? 1 / (i + 1) : 1e-18));
    expect(alphaReq(rounding).note).toBe('fitted on ranks 11 to 15');
  });
});

describe('power-law fit', () => {
  it('gives up on equal or too few eigenvalues', () => {
    expect(fitPowerLaw(ones(30)).note).toBe('all eigenvalues are equal');
    expect(fitPowerLaw(Float64Array.of(1, 1e-6)).fit).toBeNull();
  });

  it('does not change alpha when the spectrum is scaled', () => {
    const tail = Float64Array.from({ length: 80 }, (_, i) => ((i + 0.5) / 80) ** -0.8);
    const fit = fitPowerLaw(tail).fit!;
    const scaledFit = fitPowerLaw(tail.map((x) => 37 * x)).fit!;
    expect(scaledFit.alpha).toBeCloseTo(fit.alpha, 10);
    expect(scaledFit.xmin).toBeCloseTo(37 * fit.xmin, 10);
    expect(fitPowerLaw(tail.slice(0, 20)).note).toMatch(/^only \d+ eigenvalues in the tail/);
  });
});

describe('on the sphere', () => {
  const z = matrix(150, 5, lcg(4, 750));

  it('uniformity is the mean over all pairs, whatever the block they fall in', () => {
    let sum = 0;
    const norm = (i: number) => Math.hypot(...z.data.subarray(5 * i, 5 * i + 5));
    for (let i = 0; i < 150; i++) {
      for (let j = 0; j < i; j++) {
        let squared = 0;
        for (let k = 0; k < 5; k++)
          squared += (z.data[5 * i + k] / norm(i) - z.data[5 * j + k] / norm(j)) ** 2;
        sum += Math.exp(-2 * squared);
      }
    }
    expect(uniformity(z).value).toBeCloseTo(Math.log(sum / ((150 * 149) / 2)), 12);
  });

  it('closed forms: opposite points, equal points, spread standard basis', () => {
    const opposite = matrix(2, 2, Float64Array.of(3, 0, -5, 0));
    expect(uniformity(opposite).value).toBeCloseTo(-8, 12);
    expect(alignment(opposite, opposite).value).toBe(0);
    expect(
      alignment(matrix(1, 2, Float64Array.of(1, 0)), matrix(1, 2, Float64Array.of(0, 9)), 1).value,
    ).toBeCloseTo(Math.SQRT2, 14);
    expect(stdOfNormalised(identity(4)).value).toBeCloseTo(0.5, 14);
    expect(stdOfNormalised(matrix(3, 2, Float64Array.of(1, 2, 2, 4, 3, 6))).value).toBeCloseTo(0, 14);
  });

  it('keeps zero representations and says so', () => {
    expect(uniformity(matrix(2, 2, Float64Array.of(0, 0, 1, 0)))).toMatchObject({
      value: -2,
      note: '1 of 2 representations are zero and were left so',
    });
    expect(uniformity(matrix(1, 2)).value).toBeNull();
  });
});

describe('neural collapse', () => {
  const simplex = matrixOfRows([
    [1, 0],
    [-0.5, Math.sqrt(3) / 2],
    [-0.5, -Math.sqrt(3) / 2],
  ]);

  it('is 0, 0, 0, 0 and 1 on a collapsed simplex', () => {
    const z = matrixOfRows(
      Array.from({ length: 12 }, (_, i) => simplex.data.subarray(2 * (i % 3), 2 * (i % 3) + 2)),
    );
    const labels = Array.from({ length: 12 }, (_, i) => i % 3);
    const scatter = classScatterOf(z, labels);
    expect(withinClassVariability(scatter).value).toBeCloseTo(0, 14);
    expect(equinormness(scatter.means).value).toBeCloseTo(0, 14);
    expect(equiangularity(scatter.means).value).toBeCloseTo(0, 14);
    expect(
      selfDuality(
        matrix(
          3,
          2,
          simplex.data.map((w) => 4 * w),
        ),
        simplex,
      ).value,
    ).toBeCloseTo(0, 14);
    expect(nearestCentreAgreement(z, scatter.means, labels).value).toBe(1);
  });

  it('NC1 of one dimension is its closed form', () => {
    // Means -1 and 1, Sw = 0.25, Sb = 1, K = 2.
    const z = matrix(4, 1, Float64Array.of(-1.5, -0.5, 0.5, 1.5));
    expect(withinClassVariability(classScatterOf(z, [0, 0, 1, 1])).value).toBeCloseTo(0.125, 14);
  });

  it('says why there is no value', () => {
    const same = classScatterOf(matrix(4, 1, Float64Array.of(1, 2, 1, 2)), [0, 0, 1, 1]);
    expect(withinClassVariability(same).note).toBe('all classes have the same mean');
    expect(selfDuality(identity(2), simplex).value).toBeNull();
    expect(equiangularity(matrix(2, 2)).note).toBe('a vector is zero and has no direction');
  });
});

describe('inequality of feature weights', () => {
  it('closed forms', () => {
    expect(effectiveNumber([2, 2, 2, 0]).value).toBeCloseTo(3, 14);
    expect(gini([2, 2, 2]).value).toBeCloseTo(0, 14);
    // Rounding does not take it below what is possible.
    expect(gini([1, 1, 1, 1, 1]).value).toBe(0);
    expect(gini([0, 0, 0, 5]).value).toBeCloseTo(0.75, 14);
    expect(gini([1, 2, 3, 4]).value).toBeCloseTo(0.25, 14);
    expect(effectiveNumber([1e-200, 1e-200]).value).toBeCloseTo(2, 14);
  });

  it('is that of the geometric weights of a reweighting head', () => {
    const kappa = 1.1;
    const weights = Array.from({ length: 2000 }, (_, i) => kappa ** -i);
    expect(effectiveNumber(weights).value).toBeCloseTo((kappa + 1) / (kappa - 1), 8);
  });

  it('has no value without weights', () => {
    expect(gini([]).note).toBe('no features');
    expect(effectiveNumber([0, 0]).note).toBe('all weights are zero');
  });
});

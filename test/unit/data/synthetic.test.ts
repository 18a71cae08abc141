import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Data, loadData, openBatches, type Population } from '../../../src/data/index.ts';
import { makeExperiment } from './makeExperiment.ts';

const STRENGTHS = [0.3, 1, 2.5];
const load = (data: object, augmentation: object[], rest: object = {}): Promise<Data> =>
  loadData(
    makeExperiment({ data: { kind: 'synthetic', strengths: STRENGTHS, ...data }, augmentation, ...rest }),
    '',
  );

const population = async (augmentation: object[], data: object = {}): Promise<Population> => {
  const loaded = await load({ sampling: 'population', ...data }, augmentation);
  expect([loaded.train.size, loaded.test.size]).toEqual([0, 0]);
  return loaded.population as Population;
};

const expectClose = (actual: ArrayLike<number>, expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, at) => {
    expect(actual[at]).toBeCloseTo(value, 12);
  });
};

describe('population', () => {
  const sigma = [1, 0.5, 0.3];
  const p = [0, 0.25, 0.9];

  it('has the moments of the paper, section 1.2', async () => {
    const additive = await population([{ kind: 'additive', sigma }]);
    expectClose(
      additive.positiveMoment,
      STRENGTHS.map((phi) => phi ** 2),
    );
    expectClose(
      additive.secondMoment,
      STRENGTHS.map((phi, j) => phi ** 2 + sigma[j] ** 2),
    );
    const drop = await population([{ kind: 'drop', probability: p }]);
    expectClose(
      drop.positiveMoment,
      STRENGTHS.map((phi, j) => (phi * (1 - p[j])) ** 2),
    );
    expectClose(
      drop.secondMoment,
      STRENGTHS.map((phi, j) => phi ** 2 * (1 - p[j])),
    );
    const resample = await population([{ kind: 'resample', probability: p }]);
    expectClose(
      resample.positiveMoment,
      STRENGTHS.map((phi, j) => (phi * (1 - p[j])) ** 2),
    );
    expectClose(
      resample.secondMoment,
      STRENGTHS.map((phi) => phi ** 2),
    );
  });

  it('averages B over the views when only the first is augmented', async () => {
    const drop = await population([{ kind: 'drop', probability: p, views: 'first' }]);
    expectClose(
      drop.positiveMoment,
      STRENGTHS.map((phi, j) => phi ** 2 * (1 - p[j])),
    );
    expectClose(
      drop.secondMoment,
      STRENGTHS.map((phi, j) => phi ** 2 * (1 - p[j] / 2)),
    );
  });

  it('has atoms that sum to 1 and to the moments, for any finite combination', async () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const views = fc.constantFrom('first', 'both');
    const operation = fc.oneof(
      fc.record({ kind: fc.constantFrom('drop', 'resample'), probability, views }),
      fc.record({
        kind: fc.constant('additive'),
        sigma: fc.double({ min: 0, max: 3, noNaN: true }),
        noise: fc.constant('rademacher'),
        views,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 4 }), async (augmentation) => {
        const { atoms, positiveMoment, secondMoment } = await population(augmentation);
        if (atoms === null) throw new Error('no atoms');
        for (let j = 0; j < STRENGTHS.length; j++) {
          const sum = (read: (at: number) => number) =>
            Array.from({ length: atoms.count }, (_, row) => row * STRENGTHS.length + j).reduce(
              (total, at) => total + atoms.probability[at] * read(at),
              0,
            );
          expect(sum(() => 1)).toBeCloseTo(1, 10);
          expect(sum((at) => atoms.factor[at])).toBeCloseTo(0, 10);
          expect(sum((at) => atoms.factor[at] ** 2)).toBeCloseTo(1, 10);
          expect(sum((at) => atoms.first[at] * atoms.second[at])).toBeCloseTo(positiveMoment[j], 8);
          const square = sum((at) => (atoms.first[at] ** 2 + atoms.second[at] ** 2) / 2);
          expect(square).toBeCloseTo(secondMoment[j], 8);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has the four atoms of dropping one feature', async () => {
    const { atoms } = await population([{ kind: 'drop', probability: 0.25, views: 'first' }], {
      strengths: [2],
    });
    const rows = Array.from({ length: atoms?.count ?? 0 }, (_, at) =>
      [atoms?.factor[at], atoms?.first[at], atoms?.second[at], atoms?.probability[at]].join(),
    );
    expect(rows.sort()).toEqual(['-1,-2,-2,0.375', '-1,0,-2,0.125', '1,0,2,0.125', '1,2,2,0.375']);
  });

  it('has no atoms with Gaussian factors or noise', async () => {
    expect((await population([], { factors: 'gaussian' })).atoms).toBeNull();
    expect((await population([{ kind: 'additive', sigma: 1 }])).atoms).toBeNull();
    expect((await population([{ kind: 'additive', sigma: 0 }])).atoms?.count).toBe(2);
  });
});

describe('sampled', () => {
  it('x = V^T (phi h), with the factors as h', async () => {
    const { train } = await load({ directions: 'random', train: 50, test: 5 }, []);
    const { population: exact } = await load({ directions: 'random', sampling: 'population' }, []);
    const v = exact?.directions as Float64Array;
    const { data } = train.read(0, 50);
    for (let sample = 0; sample < 50; sample++) {
      for (let at = 0; at < 3; at++) {
        const expected = STRENGTHS.reduce(
          (sum, phi, j) => sum + phi * Number(train.factors[j].values[sample]) * v[j * 3 + at],
          0,
        );
        expect(data[sample * 3 + at]).toBeCloseTo(expected, 5);
      }
    }
    expect(train.factors.map(({ name }) => name)).toEqual(['feature-1', 'feature-2', 'feature-3']);
  });

  it('has orthonormal random directions', async () => {
    const strengths = new Array(40).fill(1);
    const { population: exact } = await load({ strengths, directions: 'random', sampling: 'population' }, []);
    const v = exact?.directions as Float64Array;
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let at = 0; at < 40; at++) dot += v[i * 40 + at] * v[j * 40 + at];
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  it.each([
    ['additive', [{ kind: 'additive', sigma: [1, 0.5, 0.3] }]],
    ['drop', [{ kind: 'drop', probability: [0, 0.25, 0.9] }]],
    ['resample', [{ kind: 'resample', probability: 0.4 }]],
    [
      'all three, some on one view',
      [
        { kind: 'additive', sigma: 0.7, noise: 'rademacher', views: 'first' },
        { kind: 'resample', probability: 0.2 },
        { kind: 'drop', probability: 0.3, views: 'first' },
      ],
    ],
  ])('views have the moments of the population: %s', async (_, augmentation) => {
    const size = 40_000;
    const data = { train: size, test: 1, factors: 'gaussian' };
    const exact = await load({ ...data, sampling: 'population' }, augmentation);
    const sampled = await load(data, augmentation);
    const experiment = makeExperiment({
      data: { kind: 'synthetic', strengths: STRENGTHS, ...data },
      augmentation,
      batchSize: size,
    });
    const source = openBatches(experiment, sampled, { views: 2 });
    const { x } = await source.batch(0, 0);
    expect(x.shape).toEqual([2 * size, 3]);
    STRENGTHS.forEach((_, j) => {
      const products: number[] = [];
      const squares: number[] = [];
      for (let row = 0; row < size; row++) {
        const first = x.data[row * 3 + j];
        const second = x.data[(size + row) * 3 + j];
        products.push(first * second);
        squares.push((first ** 2 + second ** 2) / 2);
      }
      expectMean(products, exact.population?.positiveMoment[j] ?? Number.NaN);
      expectMean(squares, exact.population?.secondMoment[j] ?? Number.NaN);
    });
  });
});

/** Within five standard errors, estimated from the values. */
const expectMean = (values: readonly number[], expected: number): void => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / values.length) + 1e-6);
};

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../../../src/data/index.ts';
import { factorLower } from '../../../src/inspect/algebra/lowerTriangle.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { probeLayer } from '../../../src/inspect/probes/probeLayer.ts';
import type { RegressionTask } from '../../../src/inspect/probes/regressionTask.ts';
import { fitRidge, predictValues } from '../../../src/inspect/probes/ridge.ts';
import { rSquaredOf } from '../../../src/inspect/probes/rSquared.ts';
import {
  type Probe,
  REGRESSION_METHODS,
  type RegressionMethod,
  unpackOutcomes,
} from '../../../src/protocol/index.ts';
import { type Backend, openBackend } from '../../../src/runtime/index.ts';
import { cholesky, type Matrix, matrix, matrixOfRows, transpose } from '../../../src/spectrum/index.ts';
import { multiply } from '../../../src/spectrum/product.ts';

/** What scikit-learn finds, by makeRidge.py. */
interface Expected {
  readonly alpha: number;
  readonly outOfFold: number;
  readonly outOfFoldError: number;
  readonly test: number;
  readonly testError: number;
  readonly mean: number;
}

type Case = Record<RegressionMethod, Expected> & {
  readonly train: number[][];
  readonly values: number[];
  readonly test: number[][];
  readonly truth: number[];
  readonly folds: number[];
};

const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('fixtures/ridge.json', import.meta.url), 'utf8'),
);

let backend: Backend;
let products: Products;
beforeAll(async () => {
  backend = await openBackend('native', { threads: 1 });
  products = new Products(backend);
});
afterAll(async () => {
  await products.dispose();
});

const taskOf = (data: Case): RegressionTask => ({
  name: 'speed',
  factor: 'speed',
  train: Float64Array.from(data.values),
  shuffles: [],
  ranking: { on: 'train', count: 5, folds: Int32Array.from(data.folds) },
  sets: [{ name: 'test', values: Float64Array.from(data.truth) }],
});

const splitsOf = (data: Case) => ({
  train: matrixOfRows(data.train),
  validation: null,
  tests: [matrixOfRows(data.test)],
});

const probesOf = (data: Case, change: Partial<RegressionTask> = {}): Promise<Probe[]> =>
  probeLayer(
    splitsOf(data),
    { tasks: [], regressions: [{ ...taskOf(data), ...change }] },
    REGRESSION_METHODS,
    { backend, products },
  );

const gaussian = (rows: number, columns: number, seed: number): Matrix => {
  const random = openStream(seed, 'test');
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.gaussian()),
  );
};

describe('ridge regression against scikit-learn', () => {
  for (const [name, data] of Object.entries(cases)) {
    it.each(REGRESSION_METHODS)(`has its alpha and R² with ${name}: %s`, async (method) => {
      const expected = data[method];
      const probe = (await probesOf(data)).find((each) => each.method === method)!;
      const [evaluation] = probe.evaluations;
      expect(probe).toMatchObject({ score: 'R²', classes: null, c: null, trainSamples: data.values.length });
      expect(probe.alpha! / expected.alpha).toBeCloseTo(1, 12);
      expect(probe.outOfFold?.accuracy).toBeCloseTo(expected.outOfFold, 9);
      expect(evaluation.accuracy).toBeCloseTo(expected.test, 9);
      expect(probe.majority).toBeCloseTo(expected.mean, 12);
      expect(probe.outOfFold).toMatchObject({ on: 'train', folds: 5, groups: [] });
    });

    it(`keeps what each sample adds, with ${name}`, async () => {
      for (const { evaluations } of await probesOf(data)) {
        const [{ outcomes, samples, accuracy }] = evaluations;
        const parts = unpackOutcomes(outcomes!, samples);
        const mean = [...parts].reduce((sum, part) => sum + part, 0) / samples;
        expect(mean).toBeCloseTo(accuracy!, 5);
      }
    });

    it(`has about the error of the jackknife, with ${name}`, async () => {
      for (const { method, evaluations, outOfFold } of await probesOf(data)) {
        const half = ({ interval, accuracy }: (typeof evaluations)[0]) =>
          (accuracy! - interval![0]) / 1.959964;
        const expected = data[method as RegressionMethod];
        // Leaving one of 40 to 120 samples out is not yet a derivative.
        expect(half(evaluations[0]) / expected.testError).toBeGreaterThan(0.85);
        expect(half(evaluations[0]) / expected.testError).toBeLessThan(1.05);
        expect(half(outOfFold!) / expected.outOfFoldError).toBeGreaterThan(0.85);
        expect(half(outOfFold!) / expected.outOfFoldError).toBeLessThan(1.05);
      }
    });
  }

  it('is the same in both forms where they meet', async () => {
    const x = gaussian(30, 30, 1);
    const wide = matrix(
      30,
      31,
      Float64Array.from({ length: 30 * 31 }, (_, at) =>
        at % 31 === 30 ? 0 : x.data[30 * Math.floor(at / 31) + (at % 31)],
      ),
    );
    const y = gaussian(30, 2, 2);
    const [primal] = await fitRidge(products, x, y, [3]);
    const [dual] = await fitRidge(products, wide, y, [3]);
    const [a, b] = [await predictValues(products, x, primal), await predictValues(products, wide, dual)];
    a.data.forEach((value, at) => {
      expect(value).toBeCloseTo(b.data[at], 10);
    });
  });
});

describe('R²', () => {
  it('is 1 at best, 0 for the mean and negative for worse', () => {
    const values = Float64Array.of(1, 2, 3, 6);
    expect(rSquaredOf(values, values)).toMatchObject({ accuracy: 1, interval: [1, 1] });
    expect(rSquaredOf(values, Float64Array.of(3, 3, 3, 3)).accuracy).toBe(0);
    expect(rSquaredOf(values, Float64Array.of(-3, -3, -3, -3)).accuracy).toBeLessThan(-1);
  });

  it('has no value where the factor does not vary, and without samples', () => {
    const nothing = { accuracy: null, interval: null };
    expect(rSquaredOf(Float64Array.of(2, 2), Float64Array.of(1, 3))).toMatchObject({
      ...nothing,
      samples: 2,
    });
    expect(rSquaredOf(new Float64Array(0), new Float64Array(0))).toMatchObject({ ...nothing, samples: 0 });
  });
});

describe('probes of a continuous factor', () => {
  const data = cases['more samples than dimensions'];

  it('have a null of shuffled values', async () => {
    const shuffles = [1, 2, 3].map((seed) => {
      const random = openStream(seed, 'test');
      return Float64Array.from(data.values, () => data.values[random.integer(data.values.length)]);
    });
    const [{ shuffledNull }] = await probesOf(data, { shuffles });
    expect(shuffledNull.samples).toBe(60);
    expect(shuffledNull.accuracy).toBeLessThan(0.1);
    expect(shuffledNull.interval![0]).toBeLessThan(shuffledNull.accuracy!);
  });

  it('say why they are missing', async () => {
    const [one] = await probesOf(data, { train: new Float64Array(data.values.length).fill(4) });
    expect(one).toMatchObject({
      evaluations: [],
      note: 'the factor has a single value in the training split',
    });
    const [unranked] = await probesOf(data, { ranking: null });
    expect(unranked.outOfFold).toBeNull();
    expect(unranked.evaluations[0].accuracy).toBeGreaterThan(0.5);
  });

  it('have no score on samples of one value', async () => {
    const [probe] = await probesOf(data, {
      sets: [{ name: 'test', values: new Float64Array(data.truth.length).fill(1) }],
    });
    expect(probe.evaluations[0]).toMatchObject({ accuracy: null, interval: null, outcomes: null });
    expect(probe.majority).toBeNull();
  });

  it('are those of the mean at a layer that does not vary', async () => {
    const dead = { train: matrix(120, 3), validation: null, tests: [matrix(60, 3)] };
    const [probe] = await probeLayer(
      dead,
      { tasks: [], regressions: [taskOf(data)] },
      ['ridge-standardised'],
      { backend, products },
    );
    expect(probe.evaluations[0].accuracy).toBeCloseTo(data['ridge-raw'].mean, 12);
  });
});

describe('factorLower', () => {
  it('factors a matrix in parts as whole', async () => {
    const x = gaussian(500, 450, 3);
    const s = multiply(transpose(x), x);
    const whole = cholesky(s)!;
    const factor = (await factorLower(products, s))!;
    const miss = factor.data.reduce((most, value, at) => Math.max(most, Math.abs(value - whole.data[at])), 0);
    expect(miss).toBeLessThan(1e-9);
  });

  it('finds none for a matrix that is not positive definite', async () => {
    const s = matrix(400, 400);
    for (let j = 0; j < 400; j++) s.data[j * 401] = j === 300 ? -1 : 1;
    expect(await factorLower(products, s)).toBeNull();
    s.data[0] = Number.NaN;
    expect(await factorLower(products, s)).toBeNull();
  });
});

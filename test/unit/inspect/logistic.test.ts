import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { balancedWeights } from '../../../src/inspect/probes/balance.ts';
import { fitLogistic, penalise, predictClass } from '../../../src/inspect/probes/logistic.ts';
import {
  centring,
  fitStandardisation,
  type Standardisation,
  standardise,
} from '../../../src/inspect/probes/standardisation.ts';
import { fitColumns } from '../../../src/inspect/probes/whitening.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix } from '../../../src/spectrum/index.ts';

interface Fit {
  coefficients: number[][];
  intercept: number[];
  predictions: number[];
}
interface Case {
  classes: number;
  train: number[][];
  labels: number[];
  test: number[][];
  standardised: Fit;
  raw: Fit;
  weighted: Fit;
  weights: number[];
}
const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./fixtures/probes.json', import.meta.url), 'utf8'),
);

const toMatrix = (rows: number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

/** Coefficients [class][dimension] and intercepts for columns that are not centred. */
const uncentred = (weights: Matrix, intercept: Float64Array, mean: Float64Array, scale: Float64Array) => {
  const coefficients = Array.from({ length: weights.columns }, (_, k) =>
    Array.from({ length: weights.rows }, (_, j) => weights.data[j * weights.columns + k]),
  );
  return {
    coefficients,
    intercept: coefficients.map(
      (row, k) =>
        intercept[k] -
        row.reduce((sum, value, j) => sum + (scale[j] === 0 ? 0 : (value * mean[j]) / scale[j]), 0),
    ),
  };
};

describe('logistic regression against scikit-learn', () => {
  for (const [name, data] of Object.entries(cases)) {
    for (const kind of ['standardised', 'raw', 'weighted'] as const) {
      it(`finds the coefficients and predictions of ${name}, ${kind}`, async () => {
        const train = toMatrix(data.train);
        const weights = kind === 'weighted' ? balancedWeights(data.labels) : null;
        const fitted = fitStandardisation(train);
        const used: Standardisation = kind === 'raw' ? centring(fitted) : fitted;
        const columns = await fitColumns(products, standardise(train, used));
        const [model, swapped] = await fitLogistic(
          backend,
          await penalise(products, columns, 1),
          [
            { labels: Int32Array.from(data.labels), classes: data.classes, weights },
            // Another fit beside it must not disturb the first.
            {
              labels: Int32Array.from(data.labels, (label) => data.classes - 1 - label),
              classes: data.classes,
              weights: null,
            },
          ],
          { tolerance: 1e-15, maxIterations: 200, precision: 'float64' },
        );
        expect(swapped.weights.data[0]).not.toBeCloseTo(model.weights.data[0], 3);
        const expected = data[kind];
        const zero = used.mean.map(() => 0);
        const found = uncentred(
          model.weights,
          model.intercept,
          kind === 'raw' ? used.mean : zero,
          used.scale,
        );
        expected.coefficients.flat().forEach((value, i) => {
          expect(found.coefficients.flat()[i]).toBeCloseTo(value, 5);
        });
        // The intercepts of three classes are known up to a common constant.
        const offset = data.classes === 2 ? 0 : found.intercept[0] - expected.intercept[0];
        expected.intercept.forEach((value, k) => {
          expect(found.intercept[k] - offset).toBeCloseTo(value, 4);
        });
        const scores = await products.times(standardise(toMatrix(data.test), used), model.weights);
        const predicted = data.test.map((_, i) => predictClass(scores, i, model.intercept, 0));
        expect(predicted).toEqual(expected.predictions);
      });
    }
  }
});

describe('balanced weights', () => {
  it('are those of scikit-learn', () => {
    for (const { labels, weights } of Object.values(cases)) {
      balancedWeights(labels).forEach((weight, at) => {
        expect(weight).toBeCloseTo(weights[at], 12);
      });
    }
  });

  it('give every cell the same weight, and every sample 1 on average', () => {
    const cells = ['a', 'b', 'a', 'a', 'c', 'a'];
    const weights = [...balancedWeights(cells)];
    expect(weights).toEqual([0.5, 2, 0.5, 0.5, 2, 0.5]);
  });
});

describe('fitStandardisation', () => {
  it('leaves a constant column at zero', () => {
    const constant = matrix(3, 2, Float64Array.from([0.1, 1, 0.1, 2, 0.1, 4]));
    const { data } = standardise(constant, fitStandardisation(constant));
    expect([data[0], data[2], data[4]]).toEqual([0, 0, 0]);
    expect(data[1]).toBeCloseTo((1 - 7 / 3) / Math.sqrt(14 / 9), 12);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { openStream } from '../../../src/data/index.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { fitLogistic, penalise } from '../../../src/inspect/probes/logistic.ts';
import { chosenLogistic } from '../../../src/inspect/probes/logisticProbe.ts';
import { rowSpaceOf } from '../../../src/inspect/probes/rowSpace.ts';
import {
  asTheyAre,
  centring,
  fitStandardisation,
  standardise,
} from '../../../src/inspect/probes/standardisation.ts';
import { fitColumns } from '../../../src/inspect/probes/whitening.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix, rowOf } from '../../../src/spectrum/index.ts';

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

const centred = (rows: Matrix): Matrix => standardise(rows, centring(fitStandardisation(rows)));

/** Noise whose later columns vary less, as those of a representation do. */
const noise = (samples: number, dimensions: number, seed: number): Matrix => {
  const random = openStream(seed, 'rows');
  const rows = matrix(samples, dimensions);
  for (let at = 0; at < rows.data.length; at++) {
    rows.data[at] = random.gaussian() / (1 + (at % dimensions));
  }
  return rows;
};

const difference = (a: Matrix, b: Matrix): number =>
  Math.max(...Array.from({ length: a.rows }, (_, i) => rowDifference(a, b, i)));
const rowDifference = (a: Matrix, b: Matrix, i: number): number =>
  Math.max(...rowOf(a, i).map((value, j) => Math.abs(value - rowOf(b, i)[j])));

describe('the row space of samples', () => {
  it('has orthonormal rows, of which every sample consists', async () => {
    const rows = centred(noise(30, 70, 1));
    const space = (await rowSpaceOf(products, rows))!;
    // Centred samples add up to 0, so one of them depends on the others.
    expect([space.basis.rows, space.basis.columns]).toEqual([29, 70]);
    const squares = await products.inner(space.basis, space.basis);
    const identity = matrix(29, 29);
    for (let i = 0; i < 29; i++) identity.data[i * 30] = 1;
    expect(difference(squares, identity)).toBeLessThan(1e-8);
    const rebuilt = await products.times(await space.coordinatesOf(rows), space.basis);
    expect(difference(rebuilt, rows)).toBeLessThan(1e-8);
  });

  it('leaves out samples that are there twice', async () => {
    const rows = noise(20, 50, 2);
    for (let i = 10; i < 20; i++) rowOf(rows, i).set(rowOf(rows, i - 10));
    const space = await rowSpaceOf(products, centred(rows));
    expect(space!.basis.rows).toBe(9);
  });

  it.each([
    ['as many samples as dimensions', centred(noise(20, 20, 3))],
    ['no sample that differs', matrix(5, 20)],
  ])('is not used for %s', async (_, rows) => {
    expect(await rowSpaceOf(products, rows)).toBeNull();
  });

  it('has the fit of all dimensions, with the same penalty', async () => {
    const rows = centred(noise(60, 200, 4));
    const isPositive = (i: number) => Number(rows.data[i * 200] + rows.data[i * 200 + 5] > 0);
    const train = { labels: Int32Array.from({ length: 60 }, (_, i) => isPositive(i)), weights: null };
    const options = { tolerance: 1e-13, maxIterations: 3000, precision: 'float64' } as const;
    const optimum = async (samples: Matrix, c: number) => {
      const penalised = await penalise(products, await fitColumns(products, samples), c);
      return (await fitLogistic(backend, penalised, [{ ...train, classes: 2 }], options))[0];
    };
    const space = (await rowSpaceOf(products, rows))!;
    const [whole, within] = [await optimum(rows, 10), await optimum(await space.coordinatesOf(rows), 10)];
    expect(within.intercept[0]).toBeCloseTo(whole.intercept[0], 5);
    expect(difference(await space.weightsOf(within.weights), whole.weights)).toBeLessThan(1e-5);

    // A head that is taken away has the weights of the layer.
    const splits = { train: rows, validation: null, tests: [] };
    const task = { name: 'a', factor: 'a', seed: 0, classes: 2, train, shuffles: [], sets: [] };
    const asked = { ...task, trainGroups: null, ranking: null };
    const head = await chosenLogistic(splits, asked, asTheyAre, { backend, products });
    const expected = await optimum(rows, head.c);
    expect(difference(head.model.weights, expected.weights)).toBeLessThan(
      1e-2 * Math.max(...expected.weights.data.map(Math.abs)),
    );
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { makeDesign, responses } from '../../../src/inspect/featureWeights/response.ts';
import { classTraces } from '../../../src/inspect/featureWeights/scatter.ts';
import { jackknifed } from '../../../src/inspect/measures/jackknifed.ts';
import { similarityOf } from '../../../src/inspect/measures/similarity.ts';
import { sampleSpectra } from '../../../src/inspect/measures/spectra.ts';
import { usableInformation } from '../../../src/inspect/probes/information.ts';
import { lossInBits } from '../../../src/inspect/probes/logistic.ts';
import { viewCorrelation } from '../../../src/inspect/views/viewCorrelation.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import {
  alignment,
  type Matrix,
  matrix,
  measured,
  singularValueErrors,
  spectralMeasures,
  stdOfNormalised,
  uniformity,
} from '../../../src/spectrum/index.ts';
import { multiply } from '../../../src/spectrum/product.ts';
import { lcg } from '../../golden/generator.ts';
import { debiasedCka } from '../../reference/cka.ts';
import { leaveOneOutError, without } from '../../reference/jackknife.ts';

const products = new Products(await openBackend('native', { threads: 1 }));
afterAll(() => products.dispose());

const random = (seed: number, rows: number, columns: number): Matrix =>
  matrix(rows, columns, lcg(seed, rows * columns));
const mapped = (a: Matrix, map: (value: number, at: number) => number): Matrix =>
  matrix(a.rows, a.columns, a.data.map(map));

/** 95 % intervals are 1.96 errors on both sides. */
const errorOf = ([low, high]: readonly [number, number]): number => (high - low) / (2 * 1.959964);

/** Both estimate the same variance to first order. */
const expectClose = (found: number | null, expected: number, tolerance = 0.05): void =>
  expect(Math.abs((found ?? Number.NaN) / expected - 1)).toBeLessThan(tolerance);

describe('intervals of spectra', () => {
  const scales = [3, 2, 1.4, 1, 0.7, 0.5];
  const samples = mapped(random(31, 250, 6), (value, at) => value * scales[at % 6] + 0.2);

  it.each(['rankMe', 'effectiveRank', 'participationRatio', 'stableRank'] as const)(
    'of %s is that of leaving out every sample in turn',
    async (key) => {
      const found = spectralMeasures(await sampleSpectra(products, samples))[key];
      const expected = await leaveOneOutError(samples.rows, async (left) => {
        const rest = spectralMeasures(await sampleSpectra(products, without(samples, left)));
        return rest[key].value!;
      });
      expectClose(errorOf(found.interval!), expected);
    },
  );

  it('of alpha-ReQ is that of leaving out every sample in turn', async () => {
    const many = mapped(random(32, 300, 16), (value, at) => value / (1 + (at % 16)) ** 0.7);
    const of = async (rows: Matrix) => spectralMeasures(await sampleSpectra(products, rows)).alphaReq;
    const expected = await leaveOneOutError(
      many.rows,
      async (left) => (await of(without(many, left))).value!,
    );
    expectClose(errorOf((await of(many)).interval!), expected, 0.1);
  });

  it('of singular values is that of leaving out every sample in turn', async () => {
    const { singularValues, energies } = await sampleSpectra(products, samples);
    const errors = singularValueErrors(energies!.uncentred, singularValues);
    for (const k of [0, 5]) {
      // The values grow with the square root of the samples: they are compared at the same number.
      const scale = Math.sqrt(samples.rows / (samples.rows - 1));
      const expected = await leaveOneOutError(
        samples.rows,
        async (left) => scale * (await sampleSpectra(products, without(samples, left))).singularValues[k],
      );
      expectClose(errors[k], expected, 0.1);
    }
  });

  it('are the same from the Gram matrix of the samples, when these are fewer than the dimensions', async () => {
    const wide = mapped(random(33, 12, 20), (value, at) => value + (at % 20 === 0 ? 1 : 0));
    const { singularValues, energies } = await sampleSpectra(products, wide);
    const { data, rows, columns } = energies!.uncentred;
    expect([rows, columns]).toEqual([12, 12]);
    for (let k = 0; k < columns; k++) {
      const sum = data.reduce((total, square, at) => total + (at % columns === k ? square : 0), 0);
      expect(sum / singularValues[k] ** 2).toBeCloseTo(1, 6);
    }
    // Rows of the energies sum to the squared lengths of the samples.
    const first = data.slice(0, 12).reduce((total, square) => total + square, 0);
    expect(first).toBeCloseTo(
      wide.data.slice(0, 20).reduce((total, value) => total + value * value, 0),
      9,
    );
  });
});

describe('intervals on the sphere', () => {
  const first = random(41, 120, 5);
  const second = mapped(first, (value, at) => value + 0.3 * lcg(42, 600)[at]);

  it('of alignment, uniformity and spread are those of leaving out every sample in turn', async () => {
    for (const [found, statistic] of [
      [alignment(first, second), (left: number) => alignment(without(first, left), without(second, left))],
      [uniformity(first), (left: number) => uniformity(without(first, left))],
      [stdOfNormalised(first), (left: number) => stdOfNormalised(without(first, left))],
    ] as const) {
      const expected = await leaveOneOutError(120, (left) => statistic(left).value!);
      expectClose(errorOf(found.interval!), expected);
    }
  });
});

describe('errors of CKA', () => {
  it('are those of leaving out every sample in turn, and 0 for a layer with itself', async () => {
    const x = random(51, 150, 4);
    const noise = lcg(53, 750);
    const y = mapped(multiply(x, random(52, 4, 5)), (value, at) => value + 0.4 * noise[at]);
    const { errors } = await similarityOf(products, [x, y]);
    const expected = await leaveOneOutError(150, (left) => debiasedCka(without(x, left), without(y, left)));
    expectClose(errors![0][1], expected);
    expect(errors![1][0]).toBe(errors![0][1]);
    expect(errors![0][0]).toBeCloseTo(0, 9);
  });
});

describe('errors of view correlations', () => {
  it('are those of leaving out every sample in turn', async () => {
    const shared = random(55, 200, 3);
    const view = (seed: number) => {
      const noise = lcg(seed, 600);
      return mapped(shared, (value, at) => value + [0.2, 0.6, 1.5][at % 3] * noise[at]);
    };
    const [first, second] = [view(56), view(57)];
    const of = (one: Matrix, other: Matrix) =>
      viewCorrelation(products, { first: one, second: other, objects: one, viewsPerObject: 1 });
    const { errors } = await of(first, second);
    for (const k of [0, 1, 2]) {
      const expected = await leaveOneOutError(
        200,
        async (left) => (await of(without(first, left), without(second, left))).values[k],
      );
      expectClose(errors![k], expected, 0.1);
    }
  });
});

describe('usable information', () => {
  it('is the entropy of the labels for a probe that is sure and right, and 0 for one that knows their shares', () => {
    const labels = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
    expect(usableInformation(labels, new Float64Array(8))).toEqual({ value: 2, interval: [2, 2] });
    expect(usableInformation(labels, new Float64Array(8).fill(2))?.value).toBe(0);
    expect(usableInformation(labels, new Float64Array(8).fill(3))?.value).toBe(-1);
  });

  it('is the mean over samples with its error', () => {
    const labels = Int32Array.of(0, 1, 0, 1);
    const found = usableInformation(labels, Float64Array.of(0.5, 1, 0.5, 0))!;
    // Gains of 0.5, 0, 0.5 and 1 bits.
    expect(found.value).toBeCloseTo(0.5, 12);
    expect(errorOf(found.interval)).toBeCloseTo(Math.sqrt(0.5 / 3 / 4), 6);
  });

  it('is not known when a class is new to the probe', () => {
    expect(usableInformation(Int32Array.of(0, -1), Float64Array.of(1, Number.POSITIVE_INFINITY))).toBeNull();
  });

  it('reads losses from logits: three classes, and two with a single logit', () => {
    const three = Float64Array.of(0, 0, 1);
    const scores = matrix(2, 3, Float64Array.of(1, 2, 3, 0, 0, -1));
    const sum = Math.E + Math.E ** 2 + Math.E ** 4;
    expect(lossInBits(scores, 0, three, 0, 2)).toBeCloseTo(Math.log2(sum / Math.E ** 4), 12);
    expect(lossInBits(scores, 1, three, 0, 1)).toBeCloseTo(Math.log2(3), 12);
    expect(lossInBits(scores, 0, three, 0, -1)).toBe(Number.POSITIVE_INFINITY);
    // The second column is the single logit of another model.
    const single = Float64Array.of(0.5);
    const pair = matrix(2, 2, Float64Array.of(7, 1, 7, 5000));
    expect(lossInBits(pair, 0, single, 1, 0)).toBeCloseTo(Math.log2(1 + Math.exp(1.5)), 12);
    expect(lossInBits(pair, 0, single, 1, 1)).toBeCloseTo(Math.log2(1 + Math.exp(-1.5)), 12);
    // Large logits do not overflow.
    expect(lossInBits(pair, 1, single, 1, 0)).toBeCloseTo(5000.5 / Math.LN2, 6);
  });
});

describe('the share of variance', () => {
  it('of two classes at -a and +a is that of their means, less what chance adds', () => {
    // Squared distances: 5 in all, 1 within; 1 - (3 / 2) (1 / 5).
    const found = classTraces(matrix(4, 1, Float64Array.of(-3, -1, 1, 3)), Int32Array.of(0, 0, 1, 1), 2);
    expect(found.etaSquared?.value).toBeCloseTo(0.7, 12);
  });

  it('has the error of leaving out every sample in turn', async () => {
    const labels = Int32Array.from({ length: 200 }, (_, i) => i % 3);
    const rows = mapped(random(61, 200, 4), (value, at) => value + 0.3 * (Math.floor(at / 4) % 3));
    const of = (samples: Matrix, own: Int32Array) => classTraces(samples, own, 3).etaSquared!;
    const expected = await leaveOneOutError(
      200,
      (left) =>
        of(
          without(rows, left),
          labels.filter((_, i) => i !== left),
        ).value,
    );
    expectClose(errorOf(of(rows, labels).interval), expected);
  });

  it('of a continuous factor is r^2 in one dimension, with the error of leaving out every sample in turn', async () => {
    const factor = lcg(71, 200);
    const noise = lcg(72, 200);
    const rows = matrix(
      200,
      1,
      factor.map((value, i) => 2 * value + noise[i]),
    );
    const of = async (samples: Matrix, own: Float64Array) =>
      (await responses(products, (await makeDesign(products, [own]))!, samples))[0];
    const { etaSquared } = await of(rows, factor);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const about = (values: Float64Array) => values.map((value) => value - mean(values));
    const [h, r] = [about(factor), about(rows.data)];
    const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const squared = product(h, r) ** 2 / (product(h, h) * product(r, r));
    // Less (1 - r^2) / (n - 2), what chance adds.
    expect(etaSquared?.value).toBeCloseTo(squared - (1 - squared) / 198, 12);
    const expected = await leaveOneOutError(200, async (left) => {
      const rest = factor.filter((_, i) => i !== left);
      return (await of(without(rows, left), rest)).etaSquared!.value;
    });
    expectClose(errorOf(etaSquared!.interval), expected);
  });

  it('has none where nothing varies', () => {
    const found = classTraces(matrix(4, 1, new Float64Array(4).fill(2)), Int32Array.of(0, 0, 1, 1), 2);
    expect(found.etaSquared).toBeNull();
  });
});

describe('jackknifed measures', () => {
  const values = lcg(81, 400);
  const meanOf = (kept: Int32Array) => ({
    mean: measured(kept.reduce((sum, sample) => sum + values[sample] + 1, 0) / kept.length),
  });

  it('have about the error of a mean', async () => {
    const { mean } = await jackknifed({ samples: 400, dimensions: 1 }, meanOf);
    // Uniform on [0.5, 1.5]: standard deviation 1 / sqrt(12).
    expectClose(errorOf(mean.interval!), 1 / Math.sqrt(12 * 400), 0.4);
  });

  it('have no interval with too few samples, or too much work', async () => {
    expect((await jackknifed({ samples: 39, dimensions: 1 }, meanOf)).mean.interval).toBeUndefined();
    expect((await jackknifed({ samples: 400, dimensions: 5000 }, meanOf)).mean.interval).toBeUndefined();
  });
});

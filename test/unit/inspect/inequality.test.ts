import { afterAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../../src/data/index.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { featureWeights, gaugeFactors } from '../../../src/inspect/featureWeights/featureWeights.ts';
import { inequalityOf } from '../../../src/inspect/measures/measures.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { inequalityMeasures, type Matrix, matrix } from '../../../src/spectrum/index.ts';
import { lcg } from '../../golden/generator.ts';
import { leaveOneOutError, without } from '../../reference/jackknife.ts';

const products = new Products(await openBackend('native', { threads: 1 }));
afterAll(() => products.dispose());

const KEYS = ['effectiveNumber', 'gini'] as const;
const SAMPLES = 160;
const CLASSES = [2, 3, 5];

/** 95 % intervals are 1.96 errors on both sides. */
const errorOf = ([low, high]: readonly [number, number]): number => (high - low) / (2 * 1.959964);

/** Labels that are independent of each other. */
const labels = CLASSES.map((classes, f) =>
  Int32Array.from(lcg(11 + f, SAMPLES), (value) => Math.floor((value + 0.5) * classes)),
);
const coordinates = [lcg(21, SAMPLES), lcg(22, SAMPLES)];

/** Dimensions 0 to 2 hold the labels, 3 and 4 the coordinates, each with noise, times `scales`. */
const samplesOf = (seed: number, scales: readonly number[]): Matrix =>
  matrix(
    SAMPLES,
    5,
    lcg(seed, 5 * SAMPLES).map((noise, at) => {
      const [i, k] = [Math.floor(at / 5), at % 5];
      return scales[k] * (k < 3 ? labels[k][i] : 4 * coordinates[k - 3][i]) + noise;
    }),
  );
const input = samplesOf(31, [3, 2, 1, 2, 2]);
const layer = samplesOf(32, [4, 1, 1.2, 1.4, 3]);

const kept = <List extends Float64Array | Int32Array>(list: List, left: number): List =>
  list.filter((_, i) => i !== left) as List;

const dataSet = (left: number, continuous: boolean): DataSet => ({
  name: 'test',
  size: left < 0 ? SAMPLES : SAMPLES - 1,
  shape: [5],
  factors: [
    ...labels.map((values, f) => ({
      name: `classes-${f}`,
      kind: 'categorical' as const,
      values: kept(values, left),
      classes: Array.from({ length: CLASSES[f] }, (_, c) => `${c}`),
    })),
    ...(continuous ? coordinates : []).map((values, j) => ({
      name: `coordinate-${j}`,
      kind: 'continuous' as const,
      values: kept(values, left),
    })),
  ],
  read: () => {
    throw new Error('not read');
  },
});

/** Without one sample, or with all of them. */
const gainsOf = async (left = -1, continuous = true) => {
  const [before, after] = left < 0 ? [input, layer] : [without(input, left), without(layer, left)];
  return (await gaugeFactors(products, dataSet(left, continuous), before, 0, 'factor'))(after);
};

/** Trace of the scatter between classes less what chance adds, of samples that have these shares. */
const weightedScatter = (samples: Matrix, own: Int32Array, classes: number, shares: Float64Array): number => {
  let debiased = 0;
  for (let k = 0; k < samples.columns; k++) {
    const mean = shares.reduce((sum, share, i) => sum + share * samples.data[samples.columns * i + k], 0);
    for (let c = 0; c < classes; c++) {
      const members = Array.from(shares.keys()).filter((i) => own[i] === c);
      const share = members.reduce((sum, i) => sum + shares[i], 0);
      const valueAt = (i: number) => samples.data[samples.columns * i + k];
      const centre = members.reduce((sum, i) => sum + shares[i] * valueAt(i), 0) / share;
      const spread = members.reduce((sum, i) => sum + shares[i] * (valueAt(i) - centre) ** 2, 0);
      debiased += share * (centre - mean) ** 2 - ((classes - 1) / (SAMPLES - classes)) * spread;
    }
  }
  return debiased;
};

/** By other formulas than those of the measures: through the variation, and through the mean absolute difference. */
const weightedMeasures = (shares: Float64Array): Record<(typeof KEYS)[number], number> => {
  const weights = CLASSES.map((classes, f) => {
    const [after, before] = [layer, input].map((each) => weightedScatter(each, labels[f], classes, shares));
    return Math.sqrt(after / before);
  });
  const n = weights.length;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / n;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / n;
  const differences = weights.flatMap((one) => weights.map((other) => Math.abs(one - other)));
  return {
    effectiveNumber: n / (1 + variance / mean ** 2),
    gini: differences.reduce((sum, difference) => sum + difference, 0) / (2 * n * n * mean),
  };
};

describe('intervals of the inequality of feature weights', () => {
  it.each(KEYS)('of %s are those of its derivative along the share of every sample', async (key) => {
    const found = inequalityOf(await gainsOf(-1, false))[key];
    const step = 1e-6;
    /** All samples alike, but `step` of the whole moved to sample i. */
    const moved = (i: number, by: number) =>
      new Float64Array(SAMPLES).fill((1 - by) / SAMPLES).map((share, j) => (j === i ? share + by : share));
    expect(found.value).toBeCloseTo(weightedMeasures(moved(0, 0))[key], 9);
    let squares = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const slope =
        (weightedMeasures(moved(i, step))[key] - weightedMeasures(moved(i, -step))[key]) / (2 * step);
      squares += slope ** 2;
    }
    const expected = Math.sqrt(squares / SAMPLES / (SAMPLES - 1));
    expect(Math.abs(errorOf(found.interval!) / expected - 1)).toBeLessThan(1e-4);
  });

  it('are about those of leaving out every sample in turn, with continuous factors as well', async () => {
    const found = inequalityOf(await gainsOf());
    const others: ReturnType<typeof inequalityOf>[] = [];
    for (let left = 0; left < SAMPLES; left++) others.push(inequalityOf(await gainsOf(left)));
    for (const key of KEYS) {
      const expected = await leaveOneOutError(SAMPLES, (left) => others[left][key].value!);
      expect(Math.abs(errorOf(found[key].interval!) / expected - 1)).toBeLessThan(0.05);
    }
  });

  it('are one point at the input, where every weight is 1 whatever the samples', async () => {
    const gauge = await gaugeFactors(products, dataSet(-1, true), input, 0, 'factor');
    expect(inequalityOf(await gauge(input))).toEqual({
      effectiveNumber: { value: 5, interval: [5, 5] },
      gini: { value: 0, interval: [0, 0] },
    });
  });

  it('are not known where a feature is gone, and weights are written without their derivatives', async () => {
    const gone = samplesOf(33, [4, 1, 1.2, 0, 3]);
    const gauge = await gaugeFactors(products, dataSet(-1, true), input, 0, 'factor');
    const gains = await gauge(gone);
    expect(gains.map(({ influences }) => influences?.length)).toEqual([160, 160, 160, undefined, 160]);
    for (const key of KEYS) expect(Object.keys(inequalityOf(gains)[key])).toEqual(['value']);
    const keys = new Set(featureWeights(gains).flatMap((weight) => Object.keys(weight)));
    expect(keys).toEqual(new Set(['feature', 'weight', 'interval', 'etaSquared', 'absent', 'source']));
  });
});

describe('inequalityMeasures', () => {
  const [first, second] = [Float64Array.of(1, -1, 0), Float64Array.of(0, 2, -2)];

  it('has no interval when a weight is 0, or its derivative is not known', () => {
    for (const found of [
      inequalityMeasures([2, 0], [first, second]),
      inequalityMeasures([2, 1], [first, null]),
      inequalityMeasures([2, 1], [null, null]),
    ])
      for (const key of KEYS) expect(found[key].interval).toBeUndefined();
    expect(inequalityMeasures([], []).gini).toEqual({ value: null, note: 'no features' });
  });

  it('has none where errors of the weights are as large as their differences, unless they err alike', () => {
    const equal = inequalityMeasures([2, 2], [first, second]);
    for (const key of KEYS) expect(equal[key].interval).toBeUndefined();
    const alike = inequalityMeasures([2, 2], [first, first]);
    expect(alike.gini.interval).toEqual([0, 0]);
    expect(alike.effectiveNumber.interval).toEqual([2, 2]);
    // Errors of 0.06 and 0.12, a difference of 0.1; then one of 1.
    const small = [first, second].map((own) => own.map((influence) => influence / 10));
    expect(inequalityMeasures([2, 1.9], small).gini.interval).toBeUndefined();
    expect(inequalityMeasures([2, 1], small).gini.interval).toBeDefined();
  });

  it('has none of 20 equal weights, whose estimates are never equal', () => {
    const errors = lcg(3, 20).map((value) => 0.1 * value);
    const influences = Array.from({ length: 20 }, (_, j) => lcg(100 + j, 50));
    const found = inequalityMeasures(
      errors.map((error) => 1 + error),
      influences,
    );
    for (const key of KEYS) expect(found[key].interval).toBeUndefined();
  });

  it('does not leave what is possible', () => {
    const found = inequalityMeasures([2, 0.2], [new Float64Array(3), Float64Array.of(0.52, -0.52, 0)]);
    expect(found.effectiveNumber.interval![0]).toBe(1);
    expect(found.gini.interval![1]).toBe(0.5);
  });

  it('does not depend on the scale of the weights, however small', () => {
    const [scale, weights] = [1e-200, [3, 2, 1]];
    const influences = [first, second, Float64Array.of(1, 1, -2)].map((own) =>
      own.map((influence) => influence / 20),
    );
    const small = inequalityMeasures(
      weights.map((weight) => scale * weight),
      influences.map((own) => own.map((influence) => scale * influence)),
    );
    const found = inequalityMeasures(weights, influences);
    for (const key of KEYS)
      for (const end of [0, 1]) expect(small[key].interval![end]).toBeCloseTo(found[key].interval![end], 12);
  });
});

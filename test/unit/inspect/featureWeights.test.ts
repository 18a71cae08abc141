import { afterAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../../src/data/index.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import {
  featureWeights,
  gaugeFactors,
  withInformation,
} from '../../../src/inspect/featureWeights/featureWeights.ts';
import { classTraces } from '../../../src/inspect/featureWeights/scatter.ts';
import type { Probe, ProbeMethod } from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix } from '../../../src/spectrum/index.ts';

const products = new Products(await openBackend('native', { threads: 1 }));
afterAll(() => products.dispose());

/** A small reproducible generator: uniform on [-1, 1). */
const generator = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
};

const matrixOf = (rows: number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));

const squares = (m: Matrix): number => [...m.data].reduce((sum, value) => sum + value * value, 0);

const dataSet = (factors: DataSet['factors'], size: number): DataSet => ({
  name: 'test',
  size,
  shape: [1],
  factors,
  read: () => {
    throw new Error('not read');
  },
});

const categorical = (name: string, values: number[], classes: string[]) =>
  ({ name, kind: 'categorical', values: Int32Array.from(values), classes }) as const;

describe('classTraces', () => {
  it('has the closed form of two classes at -a and +a', () => {
    const m = matrixOf([[-3], [-1], [1], [3]]);
    const { between, debiased } = classTraces(m, Int32Array.of(0, 0, 1, 1), 2);
    expect(between).toBeCloseTo(4, 12);
    // Within-class sum of squares 4 over n - K = 2, times (K - 1) / n = 1 / 4.
    expect(debiased).toBeCloseTo(4 - 2 / 4, 12);
  });

  it('is unbiased: zero on average for labels that mean nothing', () => {
    const next = generator(3);
    let sum = 0;
    let raw = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const m = matrixOf(Array.from({ length: 30 }, () => [next(), next(), next()]));
      const labels = Int32Array.from({ length: 30 }, (_, i) => i % 3);
      const { between } = classTraces(m, labels, 3);
      raw += between;
      const within = squares(m) / 30;
      sum += between - (2 / 30) * within;
    }
    // Each coordinate has variance 1/3: tr Sigma_W = 1, so chance alone gives 2/30.
    expect(raw / trials).toBeCloseTo(2 / 30, 2);
    expect(Math.abs(sum / trials)).toBeLessThan(0.005);
  });
});

describe('feature weights of a categorical factor', () => {
  const next = generator(11);
  const n = 3000;
  const shape = Array.from({ length: n }, (_, i) => i % 3);
  // Drawn at random: subtracting what chance adds is right on average over such draws.
  const colour = Array.from({ length: n }, () => (next() > 0 ? 1 : 0));
  const centres = [
    [4, 0],
    [-2, 3],
    [-2, -3],
  ];
  const unrelated = Array.from({ length: n }, () => (next() > 0 ? 1 : 0));
  const rows = shape.map((s, i) =>
    [centres[s][0], centres[s][1], colour[i] ? 2 : -2].map((c) => c + 0.3 * next()),
  );
  const factors = [
    categorical('shape', shape, ['a', 'b', 'c']),
    categorical('colour', colour, ['red', 'blue']),
    categorical('unrelated', unrelated, ['no', 'yes']),
  ];
  const input = matrixOf(rows);
  const gauge = () => gaugeFactors(products, dataSet(factors, n), input, 0, 'factor');

  it('is the gain of a linear map that scales each factor by a known amount', async () => {
    const scaled = matrixOf(rows.map(([x, y, z]) => [0.5 * x, 0.5 * y, 3 * z]));
    const [shapeGain, colourGain] = await (await gauge())(scaled);
    expect(shapeGain.gain / 0.5).toBeCloseTo(1, 2);
    expect(colourGain.gain / 3).toBeCloseTo(1, 2);
  });

  it('is 1 at the input, and an unrelated factor is absent', async () => {
    const weights = featureWeights(await (await gauge())(input));
    expect(weights.map(({ feature, absent }) => [feature, absent])).toEqual([
      ['shape', false],
      ['colour', false],
      ['unrelated', true],
    ]);
    expect(weights[0].weight).toBeCloseTo(1, 12);
  });

  it('is absent where the map removes the factor', async () => {
    const removed = matrixOf(rows.map(([x, y]) => [x, y, 0.3 * next()]));
    const weights = featureWeights(await (await gauge())(removed));
    expect(weights[1].absent).toBe(true);
    expect(weights[1].weight).toBeLessThan(0.05);
    expect(weights[0].absent).toBe(false);
  });
});

describe('feature weights of a continuous factor', () => {
  const next = generator(5);
  const n = 400;
  const strengths = [0.5, 2, 1];
  const h = strengths.map(() => Float64Array.from({ length: n }, () => (next() > 0 ? 1 : -1)));
  const factors = h.map((values, j) => ({ name: `feature-${j + 1}`, kind: 'continuous', values }) as const);
  const x = Array.from({ length: n }, (_, i) => strengths.map((phi, j) => phi * h[j][i]));
  const gauge = () => gaugeFactors(products, dataSet(factors, n), matrixOf(x), 0, 'coordinate');

  it('is ||W v_j|| exactly for a linear map, whatever the sample', async () => {
    const w = [
      [1, 2, 0],
      [0, 1, 0],
    ];
    const z = matrixOf(x.map((row) => w.map((weights) => weights.reduce((s, v, j) => s + v * row[j], 0))));
    const weights = featureWeights(await (await gauge())(z));
    expect(weights[0].weight).toBeCloseTo(1, 9);
    expect(weights[1].weight).toBeCloseTo(Math.sqrt(5), 9);
    expect(weights[2].weight).toBeCloseTo(0, 6);
    expect(weights.map(({ absent }) => absent)).toEqual([false, false, true]);
  });

  it('estimates the gain under noise and calls a feature of pure noise absent', async () => {
    const z = matrixOf(x.map((row) => [row[0] + 0.5 * next(), 0.3 * row[1] + 0.5 * next(), 0.5 * next()]));
    const weights = featureWeights(await (await gauge())(z));
    expect(weights[0].weight).toBeCloseTo(1, 1);
    expect(weights[1].weight).toBeCloseTo(0.3, 1);
    expect(weights[2].absent).toBe(true);
  });

  it('says when there are too few samples', async () => {
    const few = factors.map((factor) => ({ ...factor, values: factor.values.slice(0, 4) }));
    const short = matrixOf(x.slice(0, 4));
    const [gain] = await (await gaugeFactors(products, dataSet(few, 4), short, 0, 'coordinate'))(short);
    expect(gain.note).toMatch(/too few samples/);
  });
});

describe('withInformation', () => {
  const weight = { feature: 'digit', weight: 0, absent: true, source: 'factor' } as const;
  const probeOf = (factor: string, low: number, method: ProbeMethod = 'logistic-standardised'): Probe => ({
    task: 'any',
    factor,
    classes: 10,
    method,
    score: 'accuracy',
    trainSamples: 10,
    evaluations: [],
    outOfFold: {
      on: 'train',
      folds: 5,
      accuracy: 0.2,
      interval: [0.1, 0.3],
      samples: 10,
      outcomes: null,
      groups: [],
      worstGroup: null,
      trainWeightedAccuracy: null,
      information: { value: low + 0.1, interval: [low, low + 0.2] },
    },
    c: null,
    shuffledNull: { accuracy: 0.1, interval: [0.08, 0.12], samples: 10 },
    majority: 0.1,
  });
  const found = (...probes: Probe[]) => withInformation([weight], probes, 'logistic-standardised')[0];

  it('is that of the usual probe of the factor; with some, the factor is not absent', () => {
    expect(found(probeOf('digit', 0.05))).toEqual({
      ...weight,
      absent: false,
      information: { value: 0.05 + 0.1, interval: [0.05, 0.05 + 0.2] },
    });
  });

  it('does not clear a factor whose interval reaches 0, nor by another probe or factor', () => {
    expect(found(probeOf('digit', -0.01)).absent).toBe(true);
    expect(found()).toEqual(weight);
    expect(found(probeOf('clothes', 0.5))).toEqual(weight);
    expect(found(probeOf('digit', 0.5, 'logistic-raw'))).toEqual(weight);
  });
});

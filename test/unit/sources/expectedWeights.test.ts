import { beforeAll, describe, expect, it } from 'vitest';
import { type Experiment, parseExperiment } from '../../../src/experiment/index.ts';
import { makeTrainingStep, populationInputs, populationKind } from '../../../src/model/index.ts';
import { type Arrays, type Backend, float32, openBackend } from '../../../src/runtime/index.ts';
import { expectedWeights } from '../../../src/sources/run/expectedWeights.ts';
import { prepare } from '../../../src/train/preparation.ts';

let native: Backend;
beforeAll(async () => {
  native = await openBackend('native', { threads: 1 });
});

const STRENGTHS = [0.6, 1, 1.5];
const LEARNING_RATE = 0.004;

type Change = Readonly<Record<string, unknown>>;

const experimentOf = (change: Change): Experiment =>
  parseExperiment(
    JSON.stringify({
      name: 'linear',
      data: { kind: 'synthetic', strengths: STRENGTHS, sampling: 'population', factors: 'rademacher' },
      augmentation: [{ kind: 'additive', sigma: [0.5, 0.8, 0.4], noise: 'rademacher' }],
      encoder: { kind: 'linear', widths: [3], initialScale: 0.7 },
      head: { kind: 'linear', width: 3, initialScale: 0.7 },
      loss: { kind: 'spectral' },
      optimiser: { kind: 'sgd', learningRate: LEARNING_RATE, momentum: 0.9 },
      epochs: 1,
      stepsPerEpoch: 1,
      ...change,
    }),
    'linear.experiment.json',
  );

/** Gains || W_l ... W_1 v_j || of every layer and feature after so many steps on the exact loss. */
const trainedGains = async (
  experiment: Experiment,
  steps = 'momentum' in experiment.optimiser && experiment.optimiser.momentum > 0 ? 3000 : 6000,
): Promise<number[][]> => {
  const { data, model } = await prepare(experiment, '.');
  const kind = populationKind(experiment);
  const { loss, optimiser } = experiment;
  const { fn, state } = makeTrainingStep({ model, loss, optimiser, population: kind });
  let arrays: Arrays = {
    ...Object.fromEntries(state.map(({ name, shape, initial }) => [name, float32(shape, initial)])),
    ...populationInputs(data.population!, kind),
    learningRate: float32([], Float32Array.of(LEARNING_RATE)),
    step: float32([], Float32Array.of(1)),
  };
  const specs = Object.entries(arrays).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]);
  const program = await native.compile(fn, Object.fromEntries(specs));
  for (let step = 0; step < steps; step++) arrays = { ...arrays, ...(await program.run(arrays)) };
  await program.dispose();
  let rows = STRENGTHS.map((_, i) => STRENGTHS.map((__, j) => Number(i === j)));
  return model.layers.slice(1).map(({ name }) => {
    const { data: weights, shape } = arrays[`${name}.weight`];
    rows = Array.from({ length: shape[0] }, (_, output) =>
      STRENGTHS.map((__, j) =>
        rows.reduce((sum, row, i) => sum + weights[output * shape[1] + i] * row[j], 0),
      ),
    );
    return STRENGTHS.map((_, j) => Math.hypot(...rows.map((row) => row[j])));
  });
};

const predictedGains = async (experiment: Experiment): Promise<number[][]> => {
  const { data } = await prepare(experiment, '.');
  const { theory } = expectedWeights(experiment, data);
  return theory!.layers.map(({ weights }) => weights.map(({ weight }) => weight));
};

const additive = (changes: Change = {}) => [
  { kind: 'additive', sigma: [0.5, 0.8, 0.4], noise: 'rademacher', ...changes },
];
const decaying = (weightDecay: number) => ({
  optimiser: { kind: 'sgd', learningRate: LEARNING_RATE, momentum: 0.9, weightDecay },
});
/** Gradient flow: what layers conserve is conserved by small steps without momentum only. */
const flowing = { optimiser: { kind: 'sgd', learningRate: LEARNING_RATE } };
const three = { encoder: { kind: 'linear', widths: [4, 3], initialScale: 0.7 } };

describe('theory is where training ends, within 1 %', () => {
  it.each<[string, Change]>([
    ['additive noise in both views', {}],
    ['additive noise in one view', { augmentation: additive({ views: 'first' }) }],
    ['dropping in both views', { augmentation: [{ kind: 'drop', probability: [0.1, 0.5, 0.3] }] }],
    [
      'dropping in one view',
      { augmentation: [{ kind: 'drop', probability: [0.1, 0.5, 0.3], views: 'first' }] },
    ],
    ['resampling in one view', { augmentation: [{ kind: 'resample', probability: 0.3, views: 'first' }] }],
    [
      'noise and resampling, three layers',
      { ...three, augmentation: [...additive({ views: 'first' }), { kind: 'resample', probability: 0.2 }] },
    ],
    ['weight decay', decaying(0.1)],
    [
      'weight decay in one view and three layers',
      { ...three, ...decaying(0.05), augmentation: additive({ views: 'first' }) },
    ],
    ['weight decay on a single layer', { ...decaying(0.3), head: { kind: 'none' } }],
    ['layers that start differently', { ...flowing, head: { kind: 'linear', width: 3, initialScale: 0.2 } }],
    [
      'three layers that start differently, in one view',
      {
        ...three,
        ...flowing,
        head: { kind: 'linear', width: 3, initialScale: 1.1 },
        augmentation: additive({ views: 'first' }),
      },
    ],
    [
      'a head that is too narrow',
      // rho = 0.26, 0.61, 0.93: training separates features of similar rho slowly.
      {
        ...flowing,
        head: { kind: 'linear', width: 2, initialScale: 0.7 },
        augmentation: additive({ sigma: [1, 0.8, 0.4] }),
      },
    ],
    ['no momentum', flowing],
    [
      'a head that starts as its encoder does',
      { encoder: { kind: 'linear', widths: [3], initialScale: 0.4 }, head: { kind: 'linear', width: 3 } },
    ],
  ])('%s', async (_, change) => {
    const experiment = experimentOf(change);
    const [measured, predicted] = [await trainedGains(experiment), await predictedGains(experiment)];
    expect(predicted).toHaveLength(measured.length);
    predicted.forEach((weights, l) => {
      weights.forEach((weight, j) => {
        if (weight === 0) expect(measured[l][j]).toBeLessThan(0.01);
        else expect(Math.abs(measured[l][j] / weight - 1)).toBeLessThan(0.01);
      });
    });
  });

  it('removes the features that weight decay outweighs, at every layer', async () => {
    const experiment = experimentOf(decaying(1.2));
    const predicted = await predictedGains(experiment);
    const measured = await trainedGains(experiment, 6000);
    // lambda above 8 / (3 sqrt 3) A^(3/2) / B: 0.55, 0.94 and 2.16.
    expect(predicted.map((weights) => weights.map((weight) => weight > 0))).toEqual([
      [false, false, true],
      [false, false, true],
    ]);
    predicted.forEach((weights, l) => {
      weights.forEach((weight, j) => {
        expect(Math.abs(measured[l][j] - weight)).toBeLessThan(0.01);
      });
    });
  });

  it('depends on the start with weight decay: small layers vanish', async () => {
    const experiment = experimentOf({
      ...decaying(0.3),
      encoder: { kind: 'linear', widths: [3], initialScale: 0.2 },
      head: { kind: 'linear', width: 3, initialScale: 0.2 },
    });
    const [measured, predicted] = [await trainedGains(experiment, 6000), await predictedGains(experiment)];
    predicted.forEach((weights, l) => {
      weights.forEach((weight, j) => {
        expect(Math.abs(measured[l][j] - weight)).toBeLessThan(0.01);
      });
    });
    expect(predicted[1].filter((weight) => weight === 0).length).toBeGreaterThan(0);
    expect(predicted[1].filter((weight) => weight > 0).length).toBeGreaterThan(0);
  });
});

describe('theory is null, with the reason', () => {
  const diagonal = {
    data: { kind: 'synthetic', strengths: STRENGTHS, sampling: 'population', factors: 'rademacher' },
    augmentation: [],
    encoder: { kind: 'diagonal' },
    head: { kind: 'symmetric-relu', weights: 'diagonal', threshold: 0.2, trainThreshold: false },
  };
  const sampled = (change: Change) => ({
    data: { kind: 'synthetic', strengths: STRENGTHS, train: 20, test: 10 },
    ...change,
  });

  it.each<[Change, string]>([
    [{ optimiser: { kind: 'adam', learningRate: 0.01 } }, 'adam does not follow the gradient flow'],
    [{ optimiser: { kind: 'adamw', learningRate: 0.01 } }, 'adamw does not follow the gradient flow'],
    [sampled({ loss: { kind: 'nt-xent' }, batchSize: 10, stepsPerEpoch: undefined }), 'the nt-xent loss'],
    [{ head: { kind: 'reweighting', kappa: 1.1 } }, 'a reweighting head on a linear encoder'],
    [
      sampled({
        augmentation: [{ kind: 'gaussian-noise', sigma: 0.1 }],
        batchSize: 10,
        stepsPerEpoch: undefined,
      }),
      'gaussian-noise acts on all features together',
    ],
    [
      { ...decaying(0.1), head: { kind: 'linear', width: 3, initialScale: 0.2 } },
      'only for layers that start with the same initialScale',
    ],
    [
      { ...decaying(0.1), head: { kind: 'linear', width: 2, initialScale: 0.7 } },
      'only for layers at least as wide as there are features',
    ],
    [
      { head: { kind: 'linear', width: 3, initialScale: 0.2 } },
      'with momentum there is a closed form only for layers that start with the same initialScale',
    ],
    [
      { head: { kind: 'linear', width: 2, initialScale: 0.7 } },
      'with momentum there is a closed form only for layers at least as wide',
    ],
    [{ ...diagonal, augmentation: additive() }, 'without augmentation'],
    [{ ...diagonal, ...decaying(0.1) }, 'without weight decay'],
    [{ ...diagonal, encoder: { kind: 'diagonal', depth: 2 } }, 'an encoder of depth 1'],
    [{ ...diagonal, head: { ...diagonal.head, trainThreshold: true } }, 'with a fixed threshold'],
  ])('%j', async (change, reason) => {
    const experiment = experimentOf(change);
    const { data } = await prepare(experiment, '.');
    const { theory, noTheory } = expectedWeights(experiment, data);
    expect(theory).toBeNull();
    expect(noTheory).toContain(reason);
  });
});

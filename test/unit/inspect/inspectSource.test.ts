import { describe, expect, it } from 'vitest';
import { type Data, loadData } from '../../../src/data/index.ts';
import { type Experiment, experimentSchema } from '../../../src/experiment/index.ts';
import { inspectSource } from '../../../src/inspect/inspectSource.ts';
import { buildModel } from '../../../src/model/index.ts';
import { type Analysis, analysisSchema, type LayerAnalysis } from '../../../src/protocol/index.ts';
import { float32, openBackend, type TensorData } from '../../../src/runtime/index.ts';
import { runSource } from '../../../src/sources/index.ts';

const backend = await openBackend('native', { threads: 1 });

const strengths = [0.5, 1, 2];
const sigma = [1, 0.5, 0.25];

/** Two linear layers whose action is known by hand: W1 = diag(2, 1, 0.5), W2 swaps the first two and drops the third. */
const W1 = [2, 0, 0, 0, 1, 0, 0, 0, 0.5];
const W2 = [0, 3, 0, 1, 0, 0, 0, 0, 0];
const variables: Record<string, TensorData> = {
  'encoder.1.weight': float32([3, 3], Float32Array.from(W1)),
  'head.1.weight': float32([3, 3], Float32Array.from(W2)),
};

const experimentOf = (changes: object, sampling: object): Experiment =>
  experimentSchema.parse({
    name: 'tiny',
    data: { kind: 'synthetic', strengths, ...sampling },
    augmentation: [{ kind: 'additive', sigma, noise: 'gaussian' }],
    encoder: { kind: 'linear', widths: [3] },
    head: { kind: 'linear', width: 3 },
    loss: { kind: 'spectral' },
    optimiser: { kind: 'sgd', learningRate: 0.1 },
    epochs: 1,
    ...changes,
  });

const modelOf = (experiment: Experiment, data: Data) =>
  buildModel(experiment, { sampleShape: data.shape, classes: 0, seed: 0, normalisation: null });

const inspect = async (
  experiment: Experiment,
  change: (data: Data) => Data = (data) => data,
  extra: object = {},
) => {
  const data = change(await loadData(experiment, '.'));
  return inspectState(experiment, data, variables, extra);
};

/** A state with these parameters, as after 10 steps. */
const inspectState = (
  experiment: Experiment,
  data: Data,
  held: Record<string, TensorData>,
  extra: object = {},
) => {
  const trained = { experiment, data, model: modelOf(experiment, data) };
  const source = runSource(trained, { variables: held, epoch: 1, step: 10 }, backend);
  return inspectSource({ source, asked: experiment, backend, ...extra });
};

const layer = (analysis: Analysis, name: string): LayerAnalysis =>
  analysis.layers.find((candidate) => candidate.name === name)!;

const expectClose = (found: readonly number[], expected: readonly number[], digits: number) => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
};

describe('inspectSource on exact moments', async () => {
  const analysis = await inspect(experimentOf({}, { sampling: 'population' }));
  const B = strengths.map((phi, j) => phi ** 2 + sigma[j] ** 2);
  const rho = strengths.map((phi, j) => phi ** 2 / B[j]);

  it('is a valid document', () => {
    expect(analysisSchema.parse(JSON.parse(JSON.stringify(analysis)))).toEqual(analysis);
    expect(analysis.layers.map(({ name, role }) => [name, role])).toEqual([
      ['input', 'input'],
      ['encoder.1', 'pre-projection'],
      ['head.1', 'post-projection'],
    ]);
    expect(analysis.samples).toEqual({ train: 0, test: 0 });
  });

  it('measures the gain of every feature', () => {
    const weights = analysis.layers.map(({ featureWeights }) => featureWeights.map(({ weight }) => weight));
    expectClose(weights[0], [1, 1, 1], 6);
    expectClose(weights[1], [2, 1, 0.5], 6);
    expectClose(weights[2], [2, 3, 0], 6);
    expect(analysis.absent.byLayer).toEqual({ input: [], 'encoder.1': [], 'head.1': ['feature-3'] });
  });

  it('has no interval of what is exact', () => {
    const { effectiveNumber, gini } = layer(analysis, 'encoder.1').inequality;
    expect(effectiveNumber.value).toBeCloseTo(3.5 ** 2 / 5.25, 6);
    expect([effectiveNumber.interval, gini.interval]).toEqual([undefined, undefined]);
  });

  it('has the square roots of the second-moment eigenvalues as singular values', () => {
    const gains = [2, 1, 0.5];
    const expected = B.map((b, j) => gains[j] * Math.sqrt(b)).sort((a, b) => b - a);
    expectClose(layer(analysis, 'encoder.1').singularValues, expected, 5);
    const [input] = analysis.layers;
    const total = B.reduce((sum, b) => sum + b, 0);
    expect(input.measures.participationRatio.value).toBeCloseTo(
      total ** 2 / B.reduce((sum, b) => sum + b * b, 0),
      6,
    );
    expect(input.measures.stableRank.value).toBeCloseTo(total / Math.max(...B), 6);
    expect(input.measures.uniformity.value).toBeNull();
  });

  it('has the correlations of the features that are left', () => {
    expectClose(
      layer(analysis, 'encoder.1').viewCorrelation,
      [...rho].sort((a, b) => b - a),
      6,
    );
    expectClose(layer(analysis, 'head.1').viewCorrelation, [rho[1], rho[0]], 6);
  });

  it('compares layers and says what theory expects', () => {
    // E[r_0 r_1^T] = diag(2 B_1, B_2, B_3 / 2).
    const gains = [2, 1, 0.5];
    const norm = (power: number) => B.reduce((sum, b, j) => sum + (b * gains[j] ** power) ** 2, 0);
    expect(analysis.similarity.cka[0][1]).toBeCloseTo(norm(1) / Math.sqrt(norm(0) * norm(2)), 6);
    const post = strengths.map((phi, j) => phi / B[j]);
    const theory = analysis.theory!.layers.map(({ weights }) => weights.map(({ weight }) => weight));
    expectClose(theory[0], post.map(Math.sqrt), 9);
    expectClose(theory[1], post, 9);
  });
});

describe('inspectSource on a diagonal population', async () => {
  const experiment = experimentOf(
    {
      augmentation: [],
      encoder: { kind: 'diagonal', depth: 1, initialScale: 0.3 },
      head: {
        kind: 'symmetric-relu',
        weights: 'diagonal',
        threshold: 0.5,
        trainThreshold: false,
        initialScale: 0.3,
      },
    },
    { sampling: 'population' },
  );
  const data = await loadData(experiment, '.');
  const model = modelOf(experiment, data);
  const held = Object.fromEntries(
    model.variables.map(({ name, shape, initial }) => [name, float32([...shape], initial.slice())]),
  );
  held['encoder.1.weight'] = float32([3], Float32Array.of(0.9, 2, 0.75));
  held['head.1.weight'] = float32([3], Float32Array.of(4, 2, 1));
  const analysis = await inspectState(experiment, data, held);

  it('has the weights of the soft threshold', () => {
    expectClose(
      layer(analysis, 'encoder.1').featureWeights.map(({ weight }) => weight),
      [0.9, 2, 0.75],
      6,
    );
    // w2 (w1 phi - b) / phi, and 0 if w1 phi = 0.45 stays below b = 0.5.
    expectClose(
      layer(analysis, 'head.1').featureWeights.map(({ weight }) => weight),
      [0, 2 * 1.5, (0.75 * 2 - 0.5) / 2],
      6,
    );
    expect(analysis.absent.byLayer['head.1']).toEqual(['feature-1']);
    expect(analysis.absent.byLayer['encoder.1']).toEqual([]);
  });

  it('has correlations of 1 without augmentation, for the features that are left', () => {
    expectClose(layer(analysis, 'head.1').viewCorrelation, [1, 1], 6);
    expectClose(layer(analysis, 'head.1').singularValues, [3, 1, 0], 6);
  });
});

/** The sign of h_j as a class: the synthetic task y = h_j. */
const withSigns = (data: Data): Data => {
  const signs = (set: Data['train']) => ({
    ...set,
    factors: [
      ...set.factors,
      ...set.factors.map((factor) => ({
        name: `${factor.name} sign`,
        kind: 'categorical' as const,
        values: Int32Array.from(factor.values, (value) => (value > 0 ? 1 : 0)),
        classes: ['-', '+'],
      })),
    ],
  });
  return { ...data, train: signs(data.train), test: signs(data.test) };
};

describe('inspectSource on samples', async () => {
  const sampling = { sampling: 'sampled', train: 400, test: 300 };
  const experiment = experimentOf({}, sampling);
  const downstream = ['feature-1', 'feature-3'].map((name) => ({ name, factor: `${name} sign` }));
  const progress: number[] = [];
  const asked = { ...experiment, downstream, groups: ['feature-2 sign'] };
  const analysis = await inspectState(asked, withSigns(await loadData(experiment, '.')), variables, {
    onProgress: ({ done, total }: { done: number; total: number }) => progress.push(done / total),
    views: { pairs: 300, objects: 20, viewsPerObject: 4 },
  });
  const weightsOf = (name: string) =>
    layer(analysis, name)
      .featureWeights.filter(({ source, feature }) => source === 'coordinate' && !feature.endsWith('sign'))
      .map(({ weight }) => weight);

  it('is a valid document without NaN', () => {
    expect(analysisSchema.parse(JSON.parse(JSON.stringify(analysis)))).toEqual(analysis);
    expect(analysis.samples).toEqual({ train: 400, test: 300 });
  });

  it('measures the gain of a linear map exactly from samples', () => {
    expectClose(weightsOf('encoder.1'), [2, 1, 0.5], 5);
    expectClose(weightsOf('head.1'), [2, 3, 0], 5);
    expect(analysis.absent.byLayer['head.1']).toContain('feature-3');
    expect(analysis.absent.byLayer['head.1']).not.toContain('feature-1');
  });

  it('knows how sure the inequality of weights is, except where one is gone', () => {
    const { effectiveNumber, gini } = layer(analysis, 'input').inequality;
    const features = layer(analysis, 'input').featureWeights.length;
    expect(effectiveNumber).toEqual({ value: features, interval: [features, features] });
    expect(gini).toEqual({ value: 0, interval: [0, 0] });
    expect(layer(analysis, 'head.1').inequality.gini.interval).toBeUndefined();
  });

  it('probes what is there, and only chance where a feature is gone', () => {
    const accuracy = (name: string, task: string) =>
      layer(analysis, name)
        .probes.filter((probe) => probe.task === task)
        .map(({ evaluations }) => evaluations[0]);
    for (const { accuracy: value, interval } of accuracy('head.1', 'feature-1')) {
      expect(value).toBe(1);
      // Wilson: n / (n + z^2).
      expect(interval![0]).toBeCloseTo(300 / (300 + 1.959963984540054 ** 2), 9);
    }
    for (const { accuracy: value } of accuracy('encoder.1', 'feature-3')) expect(value).toBe(1);
    for (const { accuracy: value } of accuracy('head.1', 'feature-3')) expect(value).toBeLessThan(0.65);
    const [first] = layer(analysis, 'input').probes;
    // There are only 8 distinct inputs, so chance is a multiple of 1/8.
    expect(first.shuffledNull.accuracy).toBeLessThan(0.9);
    expect(first.evaluations[0].groups.map(({ group }) => group)).toEqual([
      'feature-2 sign=-',
      'feature-2 sign=+',
    ]);
    expect(first.evaluations[0].worstGroup?.accuracy).toBe(1);
  });

  it('estimates the correlations and the alignment of the views', () => {
    const B = strengths.map((phi, j) => phi ** 2 + sigma[j] ** 2);
    const rho = strengths.map((phi, j) => phi ** 2 / B[j]).sort((a, b) => b - a);
    layer(analysis, 'input').viewCorrelation.forEach((value, j) => {
      expect(Math.abs(value - rho[j])).toBeLessThan(0.1);
    });
    expect(layer(analysis, 'head.1').viewCorrelation).toHaveLength(2);
    expect(layer(analysis, 'input').measures.alignment.note).toBe('300 samples');
    expect(layer(analysis, 'input').measures.lidar.note).toBe('20 objects x 4 views');
  });

  it('tells its progress, never backwards', () => {
    expect(progress.length).toBeGreaterThan(8);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    expect(progress.at(-1)).toBeLessThanOrEqual(1);
  });

  it('carries the principal directions of data without factors', async () => {
    const plain = await inspect(experiment, (data) => ({
      ...data,
      train: { ...data.train, factors: [] },
      test: { ...data.test, factors: [] },
    }));
    const found = layer(plain, 'encoder.1').featureWeights;
    expect(found.map(({ source }) => source)).toEqual(Array(3).fill('direction'));
    // The strongest input direction is nearly v_3, whose gain is 0.5; the weakest nearly v_1, with gain 2.
    expect(found[0].weight).toBeGreaterThan(0.49);
    expect(found[0].weight).toBeLessThan(0.55);
    expect(found[2].weight).toBeCloseTo(2, 1);
  });

  it('reads the asked layers alone, with gains still relative to the input', async () => {
    const some = await inspect({ ...experiment, layers: ['head.1'] });
    expect(some.layers.map(({ name }) => name)).toEqual(['head.1']);
    expectClose(
      some.layers[0].featureWeights.map(({ weight }) => weight),
      [2, 3, 0],
      5,
    );
    const exact = await inspect({ ...experimentOf({}, { sampling: 'population' }), layers: ['head.1'] });
    expect(exact.layers.map(({ name }) => name)).toEqual(['head.1']);
  });

  it('names the layer whose representation is not finite', async () => {
    const broken = { ...variables, 'head.1.weight': float32([3, 3], new Float32Array(9).fill(Number.NaN)) };
    await expect(inspectState(experiment, await loadData(experiment, '.'), broken)).rejects.toThrow(
      /layer head\.1: the representation of the test samples holds NaN/,
    );
  });

  it('stops when it is cancelled, and refuses an unknown layer', async () => {
    await expect(inspect(experiment, undefined, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    await expect(inspect({ ...experiment, layers: ['encoder.9'] })).rejects.toThrow(
      '/layers/0: the model has no layer "encoder.9". Choose from input, encoder.1, head.1.',
    );
  });
});

describe('continuous factors as downstream tasks', async () => {
  const downstream = ['feature-1', 'feature-3'].map((name) => ({ name, factor: name }));
  const own = { name: 'own', factor: 'feature-2', split: 'test' };
  const experiment = experimentOf(
    { downstream: [...downstream, own] },
    { sampling: 'sampled', factors: 'gaussian', train: 4000, test: 4000 },
  );
  const analysis = await inspect(experiment, undefined, { untrained: true });
  const probeOf = (name: string, task: string) =>
    layer(analysis, name).probes.find(
      (probe) => probe.task === task && probe.method === 'ridge-standardised',
    )!;

  it('are a valid document, with both ridge regressions and nothing else', () => {
    expect(analysisSchema.parse(JSON.parse(JSON.stringify(analysis)))).toEqual(analysis);
    expect(analysis.layers[1].probes.map(({ method, task }) => [method, task])).toEqual(
      ['ridge-standardised', 'ridge-raw'].flatMap((method) =>
        ['feature-1', 'feature-3', 'own'].map((task) => [method, task]),
      ),
    );
    expect(analysis.untrained?.[0].probes.map(({ method }) => method)).toEqual(
      Array(3).fill('ridge-standardised'),
    );
  });

  it('are read as far as the layer holds them', () => {
    // The first layer loses nothing; the second drops the third feature.
    expect(probeOf('encoder.1', 'feature-3').evaluations[0].accuracy).toBeGreaterThan(0.9999);
    expect(probeOf('head.1', 'feature-1').outOfFold?.accuracy).toBeGreaterThan(0.9999);
    const dropped = probeOf('head.1', 'feature-3');
    expect(dropped.evaluations[0].accuracy).toBeLessThan(0.005);
    expect(dropped.evaluations[0].interval![1]).toBeLessThan(0.01);
    expect(dropped.shuffledNull.samples).toBe(4000);
  });

  it('are ranked by folds of the labelled samples', () => {
    expect(probeOf('head.1', 'feature-1').outOfFold).toMatchObject({ on: 'train', folds: 5, samples: 4000 });
    const half = probeOf('head.1', 'own');
    expect(half.outOfFold).toMatchObject({ on: 'own', folds: 5, samples: 2000 });
    expect(half.evaluations.map(({ on, samples }) => [on, samples])).toEqual([['test', 2000]]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Population } from '../../../src/data/dataSet.ts';
import type { EncoderSpec, HeadSpec } from '../../../src/experiment/index.ts';
import { buildModel, makeTrainingStep, populationInputs, populationKind } from '../../../src/model/index.ts';
import { type Arrays, type Backend, float32, openBackend } from '../../../src/runtime/index.ts';

let native: Backend;
beforeAll(async () => {
  native = await openBackend('native', { threads: 1 });
});

const loss = { kind: 'spectral' } as const;

/** Everything after `steps` steps of SGD on the exact loss. */
const trained = async (
  { encoder, head }: { encoder: EncoderSpec; head: HeadSpec },
  population: Population,
  { steps, learningRate, momentum }: { steps: number; learningRate: number; momentum: number },
): Promise<Arrays> => {
  const sampleShape = [population.strengths.length];
  const model = buildModel(
    { encoder, head, loss },
    { sampleShape, classes: 0, seed: 2, normalisation: null },
  );
  const kind = populationKind({ encoder, head, loss });
  const optimiser = { kind: 'sgd', learningRate, momentum, weightDecay: 0 } as const;
  const { fn, state } = makeTrainingStep({ model, loss, optimiser, population: kind });
  let arrays: Arrays = {
    ...Object.fromEntries(state.map(({ name, shape, initial }) => [name, float32(shape, initial)])),
    ...populationInputs(population, kind),
    learningRate: float32([], Float32Array.of(learningRate)),
    step: float32([], Float32Array.of(1)),
  };
  const specs = Object.entries(arrays).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]);
  const program = await native.compile(fn, Object.fromEntries(specs));
  for (let step = 0; step < steps; step++) arrays = { ...arrays, ...(await program.run(arrays)) };
  await program.dispose();
  return arrays;
};

/** Additive model with identity directions: A = phi^2, B = phi^2 + sigma^2. */
const additive = (strengths: number[], sigma: number[]): Population => ({
  strengths: Float64Array.from(strengths),
  directions: Float64Array.from({ length: strengths.length ** 2 }, (_, i) =>
    i % (strengths.length + 1) === 0 ? 1 : 0,
  ),
  positiveMoment: Float64Array.from(strengths, (phi) => phi ** 2),
  viewMoments: [
    Float64Array.from(strengths, (phi, j) => phi ** 2 + sigma[j] ** 2),
    Float64Array.from(strengths, (phi, j) => phi ** 2 + sigma[j] ** 2),
  ],
  secondMoment: Float64Array.from(strengths, (phi, j) => phi ** 2 + sigma[j] ** 2),
  atoms: null,
});

/** || column j of W_l ... W_1 ||. */
const gains = (arrays: Arrays, layers: string[], features: number): number[] => {
  let rows: number[][] = Array.from({ length: features }, (_, i) =>
    Array.from({ length: features }, (_, j) => (i === j ? 1 : 0)),
  );
  for (const name of layers) {
    const { data, shape } = arrays[`${name}.weight`];
    const [outputs, inputs] = shape;
    rows = Array.from({ length: outputs }, (_, o) =>
      rows[0].map((_, j) => rows.reduce((sum, row, i) => sum + data[o * inputs + i] * row[j], 0)),
    );
  }
  return rows[0].map((_, j) => Math.hypot(...rows.map((row) => row[j])));
};

const STRENGTHS = [0.3, 0.6, 1, 1.5, 2.5];
const SIGMA = [1, 0.5, 1, 0.5, 0.3];
/** phi / (phi^2 + sigma^2). */
const POST = [0.2752, 0.9836, 0.5, 0.6, 0.3943];

describe('linear population training reaches the closed form', () => {
  for (const [name, encoder, head, layers] of [
    ['2 layers', { kind: 'linear', widths: [5] }, { kind: 'linear', width: 5 }, ['encoder.1', 'head.1']],
    [
      '3 layers of unequal widths',
      { kind: 'linear', widths: [7, 6] },
      { kind: 'linear', width: 5 },
      ['encoder.1', 'encoder.2', 'head.1'],
    ],
  ] as [string, EncoderSpec, HeadSpec, string[]][])
    it(`${name}: gain s^(l / L) at layer l`, async () => {
      const arrays = await trained({ encoder, head }, additive(STRENGTHS, SIGMA), {
        steps: 4000,
        learningRate: 0.002,
        momentum: 0.9,
      });
      for (let depth = 1; depth <= layers.length; depth++) {
        const measured = gains(arrays, layers.slice(0, depth), 5);
        for (const [j, gain] of measured.entries())
          expect(gain / POST[j] ** (depth / layers.length)).toBeCloseTo(1, 2);
      }
    });

  it('has the minimum loss -sum rho^2', async () => {
    const spec = { encoder: { kind: 'linear', widths: [5] }, head: { kind: 'linear', width: 5 } } as const;
    const widths = { ...spec, encoder: { kind: 'linear' as const, widths: [5] } };
    const arrays = await trained(widths, additive(STRENGTHS, SIGMA), {
      steps: 4000,
      learningRate: 0.002,
      momentum: 0.9,
    });
    const rho = STRENGTHS.map((phi, j) => phi ** 2 / (phi ** 2 + SIGMA[j] ** 2));
    expect(arrays.loss.data[0]).toBeCloseTo(-rho.reduce((sum, value) => sum + value ** 2, 0), 4);
  });
});

/** Noiseless Rademacher factors: atoms h = +-1 of probability 1/2, both views phi h. */
const noiseless = (strengths: number[]): Population => {
  const both = [...strengths, ...strengths.map((phi) => -phi)];
  return {
    ...additive(
      strengths,
      strengths.map(() => 0),
    ),
    atoms: {
      count: 2,
      factor: Float64Array.from(both, Math.sign),
      first: Float64Array.from(both),
      second: Float64Array.from(both),
      probability: new Float64Array(both.length).fill(0.5),
    },
  };
};

describe('diagonal population training', () => {
  const encoder = {
    kind: 'diagonal',
    depth: 1,
    threshold: 0,
    trainThreshold: false,
    initialScale: 0.3,
  } as const;
  const head = {
    kind: 'symmetric-relu',
    weights: 'diagonal',
    threshold: 0.5,
    trainThreshold: false,
    initialScale: 0.3,
  } as const;

  it('leaves features below the threshold absent after and untouched before the head', async () => {
    const strengths = [0.3, 1, 2, 3, 4];
    const arrays = await trained({ encoder, head }, noiseless(strengths), {
      // Small steps without momentum: the expected values are those of gradient flow.
      steps: 20_000,
      learningRate: 0.002,
      momentum: 0,
    });
    const pre = [...arrays['encoder.1.weight'].data];
    const amplitude = strengths.map(
      (phi, j) => arrays['head.1.weight'].data[j] * Math.max(pre[j] * phi - 0.5, 0),
    );
    expect(pre.slice(0, 2)).toEqual([Math.fround(0.3), Math.fround(0.3)]);
    expect(amplitude.slice(0, 2)).toEqual([0, 0]);
    for (const [j, expected] of [0.928, 0.715, 0.597].entries()) {
      expect(pre[j + 2]).toBeCloseTo(expected, 2);
      expect(amplitude[j + 2]).toBeCloseTo(1, 3);
    }
  });

  it('says what it cannot compute exactly', () => {
    expect(() => populationInputs(additive([1, 2], [0, 0]), 'diagonal')).toThrow(
      'data.factors: a diagonal encoder needs factors and noise with finitely many values, these are Gaussian. ' +
        'Use rademacher factors and noise, or data.sampling sampled.',
    );
    const turned = { ...noiseless([1, 2]), directions: Float64Array.of(0, 1, 1, 0) };
    expect(() => populationInputs(turned, 'diagonal')).toThrow('data.directions: a diagonal encoder reads');
    expect(() => populationKind({ encoder, head: { kind: 'linear', width: 2 }, loss })).toThrow(
      'encoder.kind: population data has no exact form for a diagonal encoder with a linear head',
    );
    expect(() => populationKind({ encoder, head, loss: { kind: 'nt-xent', temperature: 1 } })).toThrow(
      'loss.kind: population data has no exact form for the nt-xent loss',
    );
  });
});

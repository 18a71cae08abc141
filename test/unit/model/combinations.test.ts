import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EncoderSpec, HeadSpec, LossSpec } from '../../../src/experiment/index.ts';
import { buildModel, forwardFunction, lossOf, makeTrainingStep } from '../../../src/model/index.ts';
import { openEagerBackend } from '../../../src/runtime/eager.ts';
import {
  type Arrays,
  type Backend,
  type CompileOptions,
  float32,
  int32,
  openBackend,
} from '../../../src/runtime/index.ts';
import { wave } from './pytorchFixture.ts';

const ENCODERS: EncoderSpec[] = [
  { kind: 'linear', widths: [5, 4] },
  { kind: 'diagonal', depth: 2, threshold: 0.05, trainThreshold: true },
  { kind: 'mlp', widths: [6, 4], batchNorm: false },
  { kind: 'mlp', widths: [5], batchNorm: true },
  { kind: 'cnn', widths: [3, 4], batchNorm: false },
  { kind: 'cnn', widths: [3, 4], batchNorm: true },
  { kind: 'resnet18-cifar', width: 2 },
];
const symmetric = { kind: 'symmetric-relu', threshold: 0.01, initialScale: 1 } as const;
const HEADS: HeadSpec[] = [
  { kind: 'none' },
  { kind: 'linear', width: 3 },
  { kind: 'mlp', widths: [5, 3], batchNorm: false },
  { kind: 'mlp', widths: [5, 4, 3], batchNorm: true },
  { ...symmetric, weights: 'full', trainThreshold: true },
  { ...symmetric, weights: 'diagonal', trainThreshold: false },
  { kind: 'reweighting', kappa: 1.5 },
];
const LOSSES: LossSpec[] = [
  { kind: 'spectral' },
  { kind: 'supervised-spectral', label: 'y' },
  { kind: 'nt-xent', temperature: 0.5 },
  { kind: 'supervised-contrastive', temperature: 0.5, label: 'y', views: 1 },
  { kind: 'supervised-contrastive', temperature: 0.5, label: 'y', views: 2 },
  { kind: 'cross-entropy', label: 'y' },
  { kind: 'mean-squared-error', label: 'y' },
];
const sgd = { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 } as const;

interface Parts {
  readonly encoder: EncoderSpec;
  readonly head: HeadSpec;
  readonly loss: LossSpec;
}
const BATCH = 4;

/** A model on small images (coordinates for the vector encoders), and one batch for its training step. */
const prepared = (parts: Parts, side = 8) => {
  const images = ['cnn', 'resnet18-cifar'].includes(parts.encoder.kind);
  const sampleShape = images ? [side, side, 2] : [4];
  const classes = ['cross-entropy', 'mean-squared-error'].includes(parts.loss.kind) ? 3 : 0;
  const channels = sampleShape[sampleShape.length - 1];
  const normalisation = { mean: Array(channels).fill(0.1), std: Array(channels).fill(0.8) };
  const model = buildModel(parts, { sampleShape, classes, seed: 7, normalisation });
  const rows = lossOf(parts.loss).views * BATCH;
  const x = wave([rows, ...sampleShape], 0.3);
  const step = makeTrainingStep({ model, loss: parts.loss, optimiser: sgd });
  const inputs: Arrays = Object.fromEntries(
    step.state.map(({ name, shape, initial }) => [name, float32(shape, initial)]),
  );
  inputs.x = float32(x.shape, x.dataSync() as Float32Array);
  if (lossOf(parts.loss).needsLabels) inputs.labels = int32([BATCH], Int32Array.of(0, 1, 0, 2));
  inputs.learningRate = float32([], Float32Array.of(0.1));
  inputs.step = float32([], Float32Array.of(1));
  return { model, step, inputs, rows };
};

const run = async (
  backend: Backend,
  { step, inputs }: ReturnType<typeof prepared>,
  options: CompileOptions = {},
): Promise<Arrays> => {
  const specs = Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }] as const);
  const program = await backend.compile(step.fn, Object.fromEntries(specs) as never, options);
  const outputs = await program.run(inputs);
  await program.dispose();
  return outputs;
};

const eager = await openEagerBackend();

describe('every encoder x head x loss', () => {
  for (const encoder of ENCODERS)
    it(`${JSON.stringify(encoder)}: one training step is finite and moves the weights`, async () => {
      for (const head of HEADS)
        for (const loss of LOSSES) {
          const what = `${head.kind}, ${loss.kind}`;
          const made = prepared({ encoder, head, loss });
          const outputs = await run(eager, made);
          for (const [name, { data }] of Object.entries(outputs))
            expect([...data].every(Number.isFinite), `${what}: ${name}`).toBe(true);
          const gradients = made.model.variables
            .filter(({ kind }) => kind === 'weight')
            .map(({ name }) => Math.max(...outputs[`${name}/momentum`].data.map(Math.abs)));
          expect(
            gradients.every((size) => size > 0),
            what,
          ).toBe(true);
        }
    });
});

it('an eager step leaves no tensors behind', async () => {
  const made = prepared({ encoder: ENCODERS[5], head: HEADS[3], loss: LOSSES[2] });
  await run(eager, made);
  const { numTensors } = tf.memory();
  await run(eager, made);
  expect(tf.memory().numTensors).toBe(numTensors);
});

describe('layers', () => {
  it('have the announced names, order and shapes, and pool to vectors', async () => {
    await tf.setBackend('cpu');
    for (const encoder of ENCODERS)
      for (const head of HEADS) {
        const { model, inputs, rows } = prepared({ encoder, head, loss: LOSSES[5] });
        const tensors = Object.fromEntries(
          Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
        );
        const { layers, output } = model.forward(tensors.x, tensors, 'train');
        expect(Object.keys(layers)).toEqual(model.layers.map(({ name }) => name));
        for (const { name, shape } of model.layers) expect(layers[name].shape).toEqual([rows, ...shape]);
        expect(output.shape).toEqual([rows, 3]);
        const names = model.layers.map(({ name }) => name);
        const pooled = forwardFunction(model, names, { pooling: 'mean' })(tensors);
        for (const { name, shape } of model.layers)
          expect(pooled[name].shape).toEqual([rows, shape[shape.length - 1]]);
      }
  });

  it('are named as documented', () => {
    const names = (encoder: EncoderSpec, head: HeadSpec, loss: LossSpec) =>
      prepared({ encoder, head, loss }).model.layers.map(({ name, part }) => `${part}:${name}`);
    expect(names(ENCODERS[5], HEADS[2], LOSSES[5])).toEqual([
      'input:input',
      'encoder:encoder.conv1',
      'encoder:encoder.conv2',
      'encoder:encoder.pool',
      'head:head.1',
      'head:head.2',
      'classifier:classifier',
    ]);
    expect(names(ENCODERS[6], HEADS[4], LOSSES[0])).toEqual([
      'input:input',
      'encoder:encoder.stem',
      ...Array.from({ length: 8 }, (_, i) => `encoder:encoder.block${i + 1}`),
      'encoder:encoder.pool',
      'head:head.1',
      'head:head.2',
      'head:head.3',
    ]);
  });
});

describe('recorded and eager steps agree', () => {
  let native: Backend;
  beforeAll(async () => {
    native = await openBackend('native', { threads: 1 });
  });
  // Every encoder, every head and every loss at least twice, each time in a different combination.
  const pairings = [0, 1].flatMap((shift) =>
    ENCODERS.map((encoder, i) => ({
      encoder,
      head: HEADS[(i * 2 + shift) % HEADS.length],
      loss: LOSSES[(i * 3 + shift) % LOSSES.length],
    })),
  );
  for (const parts of pairings)
    it(`${parts.encoder.kind}, ${parts.head.kind}, ${parts.loss.kind}`, async () => {
      // On 8 x 8 the last residual stage normalises 4 values of a 1 x 1 map: a ReLU then depends on the last bit.
      const made = prepared(parts, 12);
      const [ours, recorded] = [await run(eager, made), await run(native, made)];
      for (const [name, { data }] of Object.entries(ours)) {
        const scale = Math.max(1e-2, ...data.map(Math.abs));
        const worst = Math.max(
          ...[...data].map((value, i) => Math.abs(value - recorded[name].data[i]) / scale),
        );
        expect(worst, name).toBeLessThan(1e-4);
      }
    });

  // Wide enough for whole blocks of channels; eager JavaScript would take minutes.
  it('resnet18-cifar of width 16: a step in float32 is one in float64, rounded', async () => {
    const made = prepared(
      { encoder: { kind: 'resnet18-cifar', width: 16 }, head: HEADS[2], loss: LOSSES[2] },
      16,
    );
    const exact = await run(native, made, { precision: 'float64' });
    const actual = await run(native, made);
    for (const [name, { data: values }] of Object.entries(exact)) {
      const data = values as Float64Array;
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-2);
      const worst = data.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - actual[name].data[i])),
        0,
      );
      expect(worst / largest, name).toBeLessThan(1e-4);
    }
  });
});

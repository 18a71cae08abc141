import { expect, it } from 'vitest';
import { encoderSchema, headSchema, lossSchema, optimiserSchema } from '../../../src/experiment/index.ts';
import { buildModel, makeTrainingStep } from '../../../src/model/index.ts';
import { channelBlockOf } from '../../../src/runtime/channelBlock.ts';
import { type Arrays, float32 } from '../../../src/runtime/index.ts';
import type { OnnxRuntime } from '../../../src/runtime/onnxProgram.ts';
import { profile } from '../../bench/profile.ts';

/**
 * What a training step costs, without a clock: how many operators ONNX Runtime runs, after its optimisation, and how many bytes they write. A change that makes a step dearer fails here; one that makes it cheaper lowers the numbers.
 */

const runtime = ((await import('onnxruntime-node')) as unknown as { default: OnnxRuntime }).default;
const block = await channelBlockOf(runtime);

const PAIRS = 8;

async function costOf(encoder: object, head: object, loss: object, sampleShape: readonly number[]) {
  const spec = lossSchema.parse(loss);
  const model = buildModel(
    { encoder: encoderSchema.parse(encoder), head: headSchema.parse(head), loss: spec },
    { sampleShape, classes: 0, seed: 0, normalisation: null },
  );
  const optimiser = optimiserSchema.parse({ kind: 'sgd', learningRate: 0.01, momentum: 0.9 });
  const step = makeTrainingStep({ model, loss: spec, optimiser });
  const shape = [2 * PAIRS, ...sampleShape];
  const size = shape.reduce((a, b) => a * b, 1);
  const scalar = float32([], Float32Array.of(1e-3));
  const inputs: Arrays = {
    x: float32(
      shape,
      Float32Array.from({ length: size }, (_, index) => Math.sin(index)),
    ),
    learningRate: scalar,
    step: scalar,
  };
  for (const { name, shape, initial } of step.state) inputs[name] = float32(shape, initial);
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]),
  );
  const rows = await profile(step.fn, specs, inputs, { threads: 1, runs: 1 });
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  return {
    operators: total(({ calls }) => calls),
    kilobytes: Math.round(total(({ written }) => written) / 1024),
  };
}

it.skipIf(block === undefined).each([
  [
    'two linear layers, spectral',
    { kind: 'linear', widths: [64] },
    { kind: 'linear', width: 64 },
    { kind: 'spectral' },
    [64],
    { operators: 45, kilobytes: 225 },
  ],
  [
    'cnn, NT-Xent',
    { kind: 'cnn', widths: [16, 32] },
    { kind: 'mlp', widths: [32, 32] },
    { kind: 'nt-xent' },
    [16, 16, 3],
    { operators: 292, kilobytes: 15287 },
  ],
  [
    'resnet18-cifar, NT-Xent',
    { kind: 'resnet18-cifar', width: 16 },
    { kind: 'mlp', widths: [128, 128] },
    { kind: 'nt-xent' },
    [16, 16, 3],
    { operators: 2072, kilobytes: 151210 },
  ],
] as const)('%s', async (_name, encoder, head, loss, sampleShape, most) => {
  const cost = await costOf(encoder, head, loss, sampleShape);
  expect(cost.operators).toBeLessThanOrEqual(most.operators);
  expect(cost.kilobytes).toBeLessThanOrEqual(most.kilobytes);
  // Numbers that are far too large would guard nothing.
  expect(cost.operators).toBeGreaterThan(0.95 * most.operators);
  expect(cost.kilobytes).toBeGreaterThan(0.95 * most.kilobytes);
});

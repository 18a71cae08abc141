import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { OptimiserSpec } from '../../../src/experiment/index.ts';
import { buildModel, learningRateAt, makeTrainingStep } from '../../../src/model/index.ts';
import type { Tensors } from '../../../src/runtime/index.ts';
import { expectClose, pytorch, wave } from './pytorchFixture.ts';

const loss = { kind: 'cross-entropy', label: 'y' } as const;
const perceptron = () =>
  buildModel(
    {
      encoder: { kind: 'mlp', widths: [5], batchNorm: true },
      head: { kind: 'mlp', widths: [4, 3], batchNorm: false },
      loss,
    },
    { sampleShape: [6], classes: 3, seed: 0, normalisation: null },
  );

describe('three steps against PyTorch', () => {
  for (const { spec, losses, after } of pytorch.optimisers.cases)
    it(`${spec.kind}: losses, weights and running statistics`, () => {
      const { fn, state } = makeTrainingStep({ model: perceptron(), loss, optimiser: spec });
      const started = Object.keys(after);
      let current: Tensors = {};
      for (const { name, shape, initial } of state) current[name] = tf.tensor(initial, [...shape]);
      started.forEach((name, i) => {
        const offset = /scale$|Variance$/.test(name) ? 1 : 0;
        current[name] = wave(current[name].shape, i + 1, 0.5, offset);
      });
      for (const [i, expected] of losses.entries()) {
        const outputs = fn({
          ...current,
          x: wave([8, 6], 0.1 * i),
          labels: tf.tensor1d(pytorch.optimisers.labels, 'int32'),
          learningRate: tf.scalar(spec.learningRate),
          step: tf.scalar(i + 1),
        });
        expect(outputs.loss.dataSync()[0]).toBeCloseTo(expected, 5);
        current = Object.fromEntries(state.map(({ name }) => [name, outputs[name]]));
      }
      for (const name of started) expectClose(current[name], after[name], 2e-5);
    });
});

describe('training step', () => {
  const names = (optimiser: OptimiserSpec): string[] =>
    makeTrainingStep({ model: perceptron(), loss, optimiser })
      .state.map(({ name }) => name)
      .filter((name) => name.startsWith('classifier.weight'));

  it('carries the slots that the optimiser needs', () => {
    const sgd = { kind: 'sgd', learningRate: 1, weightDecay: 0 } as const;
    expect(names({ ...sgd, momentum: 0 })).toEqual(['classifier.weight']);
    expect(names({ ...sgd, momentum: 0.9 })).toEqual(['classifier.weight', 'classifier.weight/momentum']);
    expect(
      names({ kind: 'adam', learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }),
    ).toEqual(['classifier.weight', 'classifier.weight/m', 'classifier.weight/v']);
  });

  it('returns everything that it was given to carry, the normalisation unchanged', () => {
    const model = buildModel(
      { encoder: { kind: 'linear', widths: [2] }, head: { kind: 'none' }, loss: { kind: 'spectral' } },
      { sampleShape: [2], classes: 0, seed: 3, normalisation: { mean: [1, 2], std: [3, 4] } },
    );
    const optimiser = { kind: 'sgd', learningRate: 0.1, momentum: 0.5, weightDecay: 0 } as const;
    const { fn, state } = makeTrainingStep({ model, loss: { kind: 'spectral' }, optimiser });
    const inputs = Object.fromEntries(
      state.map(({ name, shape, initial }) => [name, tf.tensor(initial, [...shape])]),
    );
    const scalars = { learningRate: tf.scalar(0.1), step: tf.scalar(1) };
    const outputs = fn({ ...inputs, ...scalars, x: wave([6, 2], 1) });
    expect(Object.keys(outputs).sort()).toEqual([...state.map(({ name }) => name), 'loss'].sort());
    expect([...outputs['input.std'].dataSync()]).toEqual([3, 4]);
    expect(outputs['input.std']).not.toBe(inputs['input.std']);
  });
});

describe('schedules against PyTorch', () => {
  for (const { spec, rates } of pytorch.schedules)
    it(`${spec.kind}, warm-up ${spec.warmupEpochs}`, () => {
      const ours = rates.map((_, i) => learningRateAt(spec, 0.3, i + 1, { stepsPerEpoch: 4, epochs: 5 }));
      for (const [i, rate] of rates.entries()) expect(ours[i]).toBeCloseTo(rate, 10);
    });
});

import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import type { EncoderSpec } from '../../../src/experiment/index.ts';
import { buildModel } from '../../../src/model/index.ts';
import type { Tensors } from '../../../src/runtime/index.ts';
import { expectClose, pytorch, wave } from './pytorchFixture.ts';

const modelOf = (encoder: EncoderSpec, sampleShape: number[]) =>
  buildModel(
    { encoder, head: { kind: 'none' }, loss: { kind: 'spectral' } },
    { sampleShape, classes: 0, seed: 1, normalisation: null },
  );

/** The weights of fixtures/pytorch.py: one phase per convolution and per batch norm, in order. */
const wavyVariables = (model: ReturnType<typeof modelOf>): Tensors => {
  const variables: Tensors = {};
  let phase = 0;
  for (const { name, shape } of model.variables) {
    const kind = name.slice(name.lastIndexOf('.') + 1);
    if (kind === 'weight' || kind === 'scale') phase++;
    if (kind === 'weight')
      variables[name] = wave(shape, phase, 2 / Math.sqrt(shape[0] * shape[1] * shape[2]));
    if (kind === 'scale') variables[name] = wave(shape, phase + 0.1, 0.5, 1);
    if (kind === 'shift') variables[name] = wave(shape, phase + 0.2, 0.5);
    if (kind === 'runningMean') variables[name] = wave(shape, phase + 0.3, 0.5);
    if (kind === 'runningVariance') variables[name] = wave(shape, phase + 0.4, 0.5, 1);
  }
  return variables;
};

describe('convolutional encoders against PyTorch, same weights', () => {
  const cnn = modelOf({ kind: 'cnn', widths: [3, 4, 5], batchNorm: true }, [7, 6, 2]);
  const resnet = modelOf({ kind: 'resnet18-cifar', width: 2 }, [9, 8, 3]);
  const cases = [
    { name: 'cnn', model: cnn, x: wave([3, 7, 6, 2], 0.2), expected: pytorch.cnn },
    { name: 'resnet18-cifar', model: resnet, x: wave([2, 9, 8, 3], 0.2), expected: pytorch.resnet },
  ];
  for (const { name, model, x, expected } of cases)
    for (const mode of ['evaluate', 'train'] as const)
      it(`${name}, ${mode}: every layer`, () => {
        const { layers } = model.forward(x, wavyVariables(model), mode);
        for (const [layer, value] of Object.entries(expected[mode])) expectClose(layers[layer], value);
        expect(Object.keys(expected[mode]).length).toBeGreaterThan(3);
      });

  it('has the parameters of ResNet-18 for CIFAR', () => {
    const { variables } = modelOf({ kind: 'resnet18-cifar', width: 64 }, [32, 32, 3]);
    const parameters = variables
      .filter(({ kind }) => kind === 'weight')
      .reduce((sum, { shape }) => sum + shape.reduce((size, extent) => size * extent, 1), 0);
    // 11,173,962 minus the 10-class linear layer that is not part of the encoder (5,130).
    expect(parameters).toBe(11_168_832);
  });

  it('asks for images', () => {
    expect(() => modelOf({ kind: 'resnet18-cifar', width: 2 }, [10])).toThrow(
      'encoder.kind: resnet18-cifar needs images [height, width, channels]; a sample of this data is [10]. ' +
        'Use a linear, diagonal or mlp encoder, or image data.',
    );
  });
});

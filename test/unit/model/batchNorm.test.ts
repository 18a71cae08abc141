import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../../../src/model/batchNorm.ts';
import { expectClose, pytorch, wave } from './pytorchFixture.ts';

describe('batch norm against PyTorch', () => {
  for (const expected of pytorch.batchNorm) {
    const { shape } = expected;
    const channels = shape.slice(-1);
    const block = batchNorm('norm', shape.slice(1));
    const x = wave(shape, 0.7, 2, 30);
    const variables = {
      'norm.scale': wave(channels, 1, 0.5, 1),
      'norm.shift': wave(channels, 2),
      'norm.runningMean': wave(channels, 3),
      'norm.runningVariance': wave(channels, 4, 0.5, 1),
    };

    it(`[${shape}] evaluates by the running statistics and leaves them alone`, () => {
      const statistics = {};
      expectClose(block.apply(x, { variables, mode: 'evaluate', statistics }), expected.evaluated);
      expect(statistics).toEqual({});
    });

    it(`[${shape}] trains by those of the batch: output, gradients, new running statistics`, () => {
      const statistics: Record<string, tf.Tensor> = {};
      const forward = (input: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor => {
        const current = { ...variables, 'norm.scale': scale, 'norm.shift': shift };
        return block.apply(input, { variables: current, mode: 'train', statistics });
      };
      const start = [x, variables['norm.scale'], variables['norm.shift']];
      expectClose(forward(x, start[1], start[2]), expected.trained);
      const [dx, dscale, dshift] = tf.grads((...args) =>
        tf.sum(tf.mul(forward(args[0], args[1], args[2]), wave(shape, 5))),
      )(start);
      expectClose(dx, expected.dx);
      expectClose(dscale, expected.dscale);
      expectClose(dshift, expected.dshift);
      expectClose(statistics['norm.runningMean'], expected.runningMean);
      expectClose(statistics['norm.runningVariance'], expected.runningVariance);
    });
  }
});

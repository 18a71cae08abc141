import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lossOf } from '../../../src/model/index.ts';
import type { LossBatch } from '../../../src/model/loss/loss.ts';
import { expectClose, pytorch, wave } from './pytorchFixture.ts';

describe('losses against PyTorch', () => {
  const labels = tf.tensor1d(pytorch.losses.labels, 'int32');
  for (const { name, spec, shape, batchSize, value, gradient } of pytorch.losses.cases) {
    it(`${name}: value and gradient`, () => {
      const loss = lossOf(spec);
      const batch: LossBatch = loss.needsLabels ? { batchSize, labels } : { batchSize };
      const result = tf.valueAndGrad((z) => loss.value(z, batch))(wave(shape, 0.4));
      expect(shape[0]).toBe(loss.views * batchSize);
      expect(result.value.shape).toEqual([]);
      expect(result.value.dataSync()[0]).toBeCloseTo(value, 4);
      expectClose(result.grad, gradient);
    });
  }
});

describe('losses at their edges', () => {
  it('is finite with finite gradients when an embedding is zero', () => {
    const loss = lossOf({ kind: 'nt-xent', temperature: 0.5 });
    const { value, grad } = tf.valueAndGrad((z) => loss.value(z, { batchSize: 3 }))(tf.zeros([6, 2]));
    expect(value.dataSync()[0]).toBeCloseTo(Math.log(5), 5);
    expect([...grad.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('is 0 with zero gradients, not NaN, when no anchor has a positive', () => {
    const labels = tf.tensor1d([0, 1, 2], 'int32');
    const loss = lossOf({ kind: 'supervised-contrastive', temperature: 0.5, label: 'y', views: 1 });
    const { value, grad } = tf.valueAndGrad((z) => loss.value(z, { batchSize: 3, labels }))(wave([3, 2], 1));
    expect(value.dataSync()[0]).toBe(0);
    expect([...grad.dataSync()]).toEqual([0, 0, 0, 0, 0, 0].map((zero) => expect.closeTo(zero)));
  });

  it('survives logits of a thousand', () => {
    const labels = tf.tensor1d([0, 1], 'int32');
    const loss = lossOf({ kind: 'cross-entropy', label: 'y' });
    const logits = tf.tensor2d([1000, 0, 1000, 0], [2, 2]);
    expect(loss.value(logits, { batchSize: 2, labels }).dataSync()[0]).toBeCloseTo(500, 3);
  });

  it('refuses a contrastive batch of one sample', () => {
    for (const spec of [
      { kind: 'spectral' },
      { kind: 'nt-xent', temperature: 1 },
      { kind: 'supervised-spectral', label: 'y' },
    ] as const)
      expect(() => lossOf(spec).value(tf.zeros([2, 2]), { batchSize: 1 })).toThrow(
        'batchSize: a contrastive loss compares samples of one batch. Use at least 2.',
      );
  });

  it('names the label it trains on', () => {
    expect(lossOf({ kind: 'cross-entropy', label: 'digit' })).toMatchObject({ label: 'digit', views: 1 });
    expect(lossOf({ kind: 'spectral' })).toMatchObject({ label: null, needsLabels: false, views: 2 });
  });
});

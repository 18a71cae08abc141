import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lossOf } from '../../src/model/index.ts';

const golden: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('./metrics.json', import.meta.url), 'utf8'),
);

/** The first six rows of X by the golden file's recipe: an LCG, 8 scaled and shifted columns. */
const firstRows = (): Float32Array => {
  const scale = [3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2];
  const shift = [0.4, 0, -0.2, 0, 0, 0.1, 0, 0];
  let state = 12345n;
  return Float32Array.from({ length: 6 * 8 }, (_, i) => {
    state = (1664525n * state + 1013904223n) % 2n ** 32n;
    return (Number(state) / 2 ** 32 - 0.5) * scale[i % 8] + shift[i % 8];
  });
};

describe('golden losses', () => {
  const z = tf.tensor2d(firstRows(), [6, 8]);

  it('reads the recipe right', () => {
    expect(z.dataSync()[0]).toBe(Math.fround(golden.X00 as number));
  });

  it('supervised contrastive, L_out, T = 0.5', () => {
    const loss = lossOf({ kind: 'supervised-contrastive', temperature: 0.5, label: 'y', views: 1 });
    const labels = tf.tensor1d([0, 1, 0, 1, 0, 1], 'int32');
    const value = loss.value(z, { batchSize: 6, labels }).dataSync()[0];
    expect(value).toBeCloseTo(golden['supcon_Lout_T0.5'] as number, 5);
  });

  it('NT-Xent, T = 0.5, pairs (0, 3) (1, 4) (2, 5)', () => {
    const loss = lossOf({ kind: 'nt-xent', temperature: 0.5 });
    const value = loss.value(z, { batchSize: 3 }).dataSync()[0];
    expect(value).toBeCloseTo(golden['ntxent_T0.5_pairs_(0,3)(1,4)(2,5)'] as number, 5);
  });
});

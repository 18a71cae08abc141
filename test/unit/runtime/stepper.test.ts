import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { BackendChoice } from '../../../src/protocol/index.ts';
import {
  type Arrays,
  type Backend,
  float32,
  openBackend,
  type TensorFunction,
} from '../../../src/runtime/index.ts';

/** w <- w - rate * gradient of |x w|^2 / 2, with a slot that sums the gradients and one value that stays as it is. */
const descend: TensorFunction = ({ w, total, fixed, x, rate }) => {
  const gradient = tf.matMul(x, tf.matMul(x, w), true);
  return {
    loss: tf.sum(tf.square(tf.matMul(x, w))),
    w: tf.sub(w, tf.mul(rate, gradient)),
    total: tf.add(total, gradient),
    fixed: tf.clone(fixed),
  };
};
const CARRIED = ['w', 'total', 'fixed'];
const specs = {
  w: { shape: [3, 2], dtype: 'float32' },
  total: { shape: [3, 2], dtype: 'float32' },
  fixed: { shape: [2], dtype: 'float32' },
  x: { shape: [4, 3], dtype: 'float32' },
  rate: { shape: [], dtype: 'float32' },
} as const;

const wave = (size: number, phase: number) =>
  Float32Array.from({ length: size }, (_, index) => Math.sin(1.3 * index + phase));
const initial = (): Arrays => ({
  w: float32([3, 2], wave(6, 1)),
  total: float32([3, 2], new Float32Array(6)),
  fixed: float32([2], Float32Array.of(5, 7)),
});
const batch = (step: number): Arrays => ({
  x: float32([4, 3], wave(12, step)),
  rate: float32([], Float32Array.of(0.01)),
});

/** The same in plain numbers. */
function expectedAfter(steps: number): { w: number[]; total: number[]; loss: number } {
  const w = Array.from(wave(6, 1));
  const total = Array<number>(6).fill(0);
  let loss = 0;
  for (let step = 1; step <= steps; step++) {
    const x = wave(12, step);
    const product = Array.from({ length: 8 }, (_, index) => {
      const [row, column] = [Math.floor(index / 2), index % 2];
      return [0, 1, 2].reduce((sum, k) => sum + x[row * 3 + k] * w[k * 2 + column], 0);
    });
    loss = product.reduce((sum, value) => sum + value * value, 0);
    for (let index = 0; index < 6; index++) {
      const [k, column] = [Math.floor(index / 2), index % 2];
      const gradient = [0, 1, 2, 3].reduce((sum, row) => sum + x[row * 3 + k] * product[row * 2 + column], 0);
      w[index] -= 0.01 * gradient;
      total[index] += gradient;
    }
  }
  return { w, total, loss };
}

async function opened(backend: Backend) {
  const stepper = await backend.compileStepper(descend, specs, CARRIED);
  await stepper.write(initial());
  return stepper;
}

describe.each<BackendChoice>(['native', 'wasm', 'eager'])('a stepper on %s', (choice) => {
  it('carries its values from run to run', async () => {
    const stepper = await opened(await openBackend(choice, { threads: 1 }));
    for (let step = 1; step <= 5; step++) {
      const outputs = await stepper.run(batch(step));
      expect(Object.keys(outputs)).toEqual(['loss']);
      expect(outputs.loss.data[0]).toBeCloseTo(expectedAfter(step).loss, 4);
    }
    const state = await stepper.read();
    const expected = expectedAfter(5);
    expect(Object.keys(state).sort()).toEqual([...CARRIED].sort());
    expect(state.w.shape).toEqual([3, 2]);
    for (const name of ['w', 'total'] as const)
      for (const [index, value] of state[name].data.entries())
        expect(value).toBeCloseTo(expected[name][index], 4);
    expect([...state.fixed.data]).toEqual([5, 7]);
    await stepper.dispose();
  });

  it('reads copies, and never writes into what it was given', async () => {
    const given = initial();
    const stepper = await (await openBackend(choice, { threads: 1 })).compileStepper(descend, specs, CARRIED);
    await stepper.write(given);
    await stepper.run(batch(1));
    const first = await stepper.read();
    const kept = first.w.data.slice();
    for (let step = 2; step <= 4; step++) await stepper.run(batch(step));
    expect(first.w.data).toEqual(kept);
    expect(given).toEqual(initial());
    expect((await stepper.read()).w.data).not.toEqual(kept);
    await stepper.dispose();
  });

  it('starts again from values that are written later', async () => {
    const stepper = await opened(await openBackend(choice, { threads: 1 }));
    await stepper.run(batch(1));
    const saved = await stepper.read();
    await stepper.run(batch(2));
    const expected = await stepper.read();
    await stepper.write(saved);
    await stepper.run(batch(2));
    expect(await stepper.read()).toEqual(expected);
    await stepper.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arrays, float32, openBackend, type TensorFunction } from '../../../src/runtime/index.ts';
import type { OnnxRuntime } from '../../../src/runtime/onnxProgram.ts';
import { openWebGpu } from '../../../src/runtime/webGpu.ts';
import { hasSwiftShader, useSwiftShader } from '../../swiftShader.ts';
import { numbers } from './bothBackends.ts';

/** What a run of a session moves: bytes from memory to the GPU and back. */
interface Moved {
  toGpu: number;
  toMemory: number;
}

/** ONNX Runtime that counts what its sessions move. */
function counted(runtime: OnnxRuntime, runs: Moved[]): OnnxRuntime {
  const bytes = (tensors: Record<string, unknown>) =>
    Object.values(tensors as Record<string, { location: string; data: Float32Array }>)
      .filter(({ location }) => location === 'cpu')
      .reduce((sum, { data }) => sum + data.byteLength, 0);
  return {
    Tensor: runtime.Tensor,
    InferenceSession: {
      async create(model, options) {
        const session = await runtime.InferenceSession.create(model, options);
        const run = session.run.bind(session);
        session.run = (async (feeds: Record<string, never>) => {
          const results = await run(feeds);
          runs.push({ toGpu: bytes(feeds), toMemory: bytes(results) });
          return results;
        }) as typeof session.run;
        return session;
      },
    },
  };
}

describe.skipIf(!hasSwiftShader)('WebGPU, on a GPU in software', () => {
  let driver: ReturnType<typeof useSwiftShader>;
  let runtime: OnnxRuntime;
  beforeAll(async () => {
    driver = useSwiftShader();
    runtime = ((await import('onnxruntime-node')) as unknown as { default: OnnxRuntime }).default;
  });
  afterAll(() => driver.dispose());

  it('keeps carried values on the GPU: a step moves the batch there and the loss back', async () => {
    const runs: Moved[] = [];
    const backend = await openWebGpu(counted(runtime, runs));
    const fn: TensorFunction = ({ w, x }) => ({
      w: tf.sub(w, tf.matMul(x, tf.matMul(x, w), true)),
      loss: tf.sum(tf.square(tf.matMul(x, w))),
    });
    const specs = {
      w: { shape: [20, 30], dtype: 'float32' },
      x: { shape: [5, 20], dtype: 'float32' },
    } as const;
    const stepper = await backend.compileStepper(fn, specs, ['w']);
    await stepper.write({ w: numbers([20, 30]) });
    runs.length = 0;
    for (let step = 0; step < 3; step++) await stepper.run({ x: numbers([5, 20], step + 2) });
    const [batch, weights, loss] = [4 * 5 * 20, 4 * 20 * 30, 4];
    expect(runs).toEqual([
      { toGpu: weights + batch, toMemory: loss },
      { toGpu: batch, toMemory: loss },
      { toGpu: batch, toMemory: loss },
    ]);
    await stepper.read();
    expect(runs.at(-1)).toEqual({ toGpu: 0, toMemory: weights });
    await stepper.dispose();
  });

  it.each<[string, TensorFunction]>([
    ['signs', ({ x }) => ({ y: tf.sign(tf.sub(x, tf.clipByValue(x, -0.5, 0.5))) })],
    [
      'either of two conditions',
      ({ x }) => ({ y: tf.where(tf.logicalOr(tf.greater(x, 0.5), tf.less(x, -0.5)), x, tf.square(x)) }),
    ],
  ])('%s, which need other operators there', async (_name, fn) => {
    const specs = { x: { shape: [4, 6], dtype: 'float32' } } as const;
    const results: Arrays[] = [];
    for (const backend of [await openWebGpu(runtime), await openBackend('native', { threads: 1 })]) {
      const program = await backend.compile(fn, specs);
      results.push(await program.run({ x: numbers([4, 6]) }));
      await program.dispose();
    }
    expect(results[0]).toEqual(results[1]);
  });

  it.each([1, 2] as const)(
    'convolutions with stride %i and their gradients, with huge windows',
    async (stride) => {
      const fn: TensorFunction = ({ x, filter }) => {
        const value = (a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 1))) as tf.Scalar;
        const [dx, dFilter] = tf.grads(value)([x, filter]);
        return { dx, dFilter };
      };
      const specs = {
        x: { shape: [2, 6, 6, 3], dtype: 'float32' },
        filter: { shape: [3, 3, 3, 4], dtype: 'float32' },
      } as const;
      const inputs = { x: numbers([2, 6, 6, 3]), filter: numbers([3, 3, 3, 4], 2) };
      const results: Arrays[] = [];
      for (const backend of [await openWebGpu(runtime), await openBackend('native', { threads: 1 })]) {
        const program = await backend.compile(fn, specs, { largestWindows: 0 });
        results.push(await program.run(inputs));
        await program.dispose();
      }
      for (const name of ['dx', 'dFilter'])
        for (const [index, value] of results[0][name].data.entries())
          expect(value).toBeCloseTo(results[1][name].data[index], 3);
    },
  );

  it('never computes on the CPU what the GPU cannot', async () => {
    const backend = await openWebGpu(runtime);
    const double: TensorFunction = ({ x }) => ({ y: tf.matMul(x, x) });
    await expect(
      backend.compile(double, { x: { shape: [2, 2], dtype: 'float32' } }, { precision: 'float64' }),
    ).rejects.toThrow(/fallback to CPU EP has been explicitly disabled/);
    // The backend of the program does it on the CPU, in doubles, and says so.
    const whole = await openBackend('webgpu', { threads: 1 });
    const program = await whole.compile(
      double,
      { x: { shape: [2, 2], dtype: 'float32' } },
      { precision: 'float64' },
    );
    const { y } = await program.run({ x: float32([2, 2], Float32Array.of(1, 2, 3, 4)) });
    expect(y.dtype).toBe('float64');
    expect([...y.data]).toEqual([7, 10, 15, 22]);
    await program.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import type { InferenceSession } from 'onnxruntime-common';
import type { OnnxRuntime } from './onnxProgram.ts';
import type { TensorFunction } from './program.ts';
import { record } from './recorder/record.ts';
import { sizeOf } from './tensorData.ts';

/** Of AVX-512, and of processors before it. */
const BLOCKS = [16, 8];

const SPECS = {
  x: { shape: [1, 4, 4, 32], dtype: 'float32' },
  filter: { shape: [3, 3, 32, 32], dtype: 'float32' },
} as const;

const trial: TensorFunction = ({ x, filter }) => ({
  y: tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 1),
});

/**
 * Channels in a block of ONNX Runtime's blocked convolution on this processor; undefined if it has none. No interface tells it, and with
 * weights in blocks of another size the kernels compute something else: the block is one with which they compute what the plain convolution
 * does.
 */
export async function channelBlockOf(runtime: OnnxRuntime): Promise<number | undefined> {
  const feeds = Object.fromEntries(
    Object.entries(SPECS).map(([name, { shape }], phase) => [
      name,
      new runtime.Tensor(
        'float32',
        Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(1.7 * index + phase)),
        [...shape],
      ),
    ]),
  );
  const run = async (channelBlock?: number): Promise<Float32Array> => {
    const { model } = await record(trial, SPECS, { channelBlock });
    const session: InferenceSession = await runtime.InferenceSession.create(model, {
      intraOpNumThreads: 1,
      // A runtime without these kernels says so.
      logSeverityLevel: 4,
    });
    const { y } = await session.run(feeds);
    await session.release();
    return y.data as Float32Array;
  };
  const expected = await run();
  for (const block of BLOCKS) {
    const actual = await run(block).catch(() => null);
    if (actual?.every((value, index) => Math.abs(value - expected[index]) < 1e-3)) return block;
  }
  return undefined;
}

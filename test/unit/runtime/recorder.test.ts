import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { channelBlockOf } from '../../../src/runtime/channelBlock.ts';
import { float32, int32, type TensorFunction } from '../../../src/runtime/index.ts';
import type { OnnxRuntime } from '../../../src/runtime/onnxProgram.ts';
import { bothAgree, native, numbers, relativeDifference } from './bothBackends.ts';

const onnxruntime = ((await import('onnxruntime-node')) as unknown as { default: OnnxRuntime }).default;

describe('recorded programs compute what tfjs computes', () => {
  const x = numbers([4, 3]);
  const y = numbers([4, 3], 2);
  const row = numbers([3], 3);

  it.each<[string, TensorFunction]>([
    [
      'arithmetic with broadcasting',
      ({ x, y, row }) => ({ a: tf.div(tf.sub(tf.mul(tf.add(x, row), y), 2), tf.add(tf.square(y), 1)) }),
    ],
    [
      'extremes',
      ({ x, y }) => ({ a: tf.maximum(x, y), b: tf.minimum(x, 0.1), c: tf.max(x, 1), d: tf.min(x, 0, true) }),
    ],
    [
      'functions',
      ({ x }) => {
        const positive = tf.add(tf.square(x), 1);
        return {
          a: tf.exp(x),
          b: tf.log(positive),
          c: tf.sqrt(tf.abs(x)),
          d: tf.rsqrt(positive),
          e: tf.neg(x),
        };
      },
    ],
    [
      'comparisons',
      ({ x, y }) => ({
        a: tf.where(tf.greater(x, y), x, y),
        b: tf.cast(tf.lessEqual(x, y), 'float32'),
        c: tf.cast(tf.notEqual(x, y), 'int32'),
      }),
    ],
    [
      'sums',
      ({ x }) => ({
        all: tf.sum(x),
        rows: tf.sum(x, 1),
        columns: tf.sum(x, 0),
        kept: tf.sum(x, 0, true),
        mean: tf.mean(x, [0, 1]),
      }),
    ],
    [
      'transposes',
      ({ x, y }) => ({
        a: tf.transpose(x),
        b: tf.matMul(tf.transpose(x), y),
        c: tf.matMul(x, y, false, true),
        d: tf.matMul(x, y, true),
      }),
    ],
    [
      'transposed sums',
      ({ x, row }) => ({
        a: tf.sum(tf.transpose(x), 0),
        b: tf.sum(tf.add(tf.transpose(x), tf.reshape(row, [3, 1])), 1),
      }),
    ],
    [
      'repeated values',
      ({ row }) => {
        const repeated = tf.mul(tf.ones([4, 3]), row);
        return { a: repeated, b: tf.sum(repeated, 0), c: tf.sum(repeated), d: tf.sum(repeated, 1) };
      },
    ],
    [
      'slices and joins',
      ({ x, y }) => ({
        a: tf.slice(x, [1, 0], [2, 3]),
        b: tf.concat([x, y], 1),
        c: tf.stack([x, y], 1),
        d: tf.concat([x, tf.slice(y, [0, 0], [1, 3])], 0),
      }),
    ],
    [
      'pads and tiles',
      ({ x, row }) => ({
        a: tf.pad(x, [
          [1, 0],
          [0, 2],
        ]),
        b: tf.tile(tf.reshape(row, [1, 3]), [4, 1]),
        c: tf.tile(x, [1, 2]),
      }),
    ],
    ['gather', ({ x }) => ({ a: tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')) })],
    ['masks', ({ x }) => ({ a: tf.mul(tf.step(x), x), b: tf.relu(x), c: tf.step(x, 0.5) })],
    [
      'uniform folding',
      ({ x }) => ({
        a: tf.add(tf.mul(x, tf.ones([4, 3])), tf.zeros([4, 3])),
        b: tf.add(tf.mul(tf.scalar(2), 3), 1),
        c: tf.sub(tf.zeros([2]), 1),
      }),
    ],
    ['three axes', ({ x, y }) => ({ a: tf.matMul(tf.stack([x, y]), tf.stack([y, x]), false, true) })],
  ])('%s', async (_name, fn) => {
    await bothAgree(fn, { x, y, row });
  });

  it('integers and one-hot rows', async () => {
    const labels = int32([4], Int32Array.from([2, 0, 1, 2]));
    const fn: TensorFunction = ({ labels }) => ({
      hot: tf.cast(tf.oneHot(labels as tf.Tensor1D, 3), 'float32'),
      same: tf.cast(tf.equal(tf.reshape(labels, [4, 1]), tf.reshape(labels, [1, 4])), 'float32'),
    });
    await bothAgree(fn, { labels });
  });

  it('gradients through relu, products, sums and logarithms', async () => {
    const loss = (x: tf.Tensor, w: tf.Tensor) =>
      tf.div(tf.sum(tf.log(tf.add(tf.relu(tf.matMul(x, w)), 0.1))), 7) as tf.Scalar;
    const fn: TensorFunction = ({ x, w }) => {
      const { value, grads } = tf.valueAndGrads((x: tf.Tensor, w: tf.Tensor) => loss(x, w))([x, w]);
      return { value, dx: grads[0], dw: grads[1] };
    };
    await bothAgree(fn, { x, w: numbers([3, 5], 5) });
  });

  it.each([
    ['3x3, stride 1, pad 1', [2, 6, 5, 3], [3, 3, 3, 4], 1, 1],
    ['3x3, stride 2, pad 1', [2, 6, 6, 3], [3, 3, 3, 4], 2, 1],
    ['3x3, stride 2, odd', [2, 7, 5, 2], [3, 3, 2, 4], 2, 1],
    ['1x1, stride 2, pad 0', [2, 6, 6, 3], [1, 1, 3, 4], 2, 0],
    ['5x3, same', [2, 7, 6, 2], [5, 3, 2, 3], 1, 'same'],
    ['3x3, stride 2, same', [2, 6, 7, 2], [3, 3, 2, 3], 2, 'same'],
    ['3x3, whole blocks of channels', [2, 6, 5, 32], [3, 3, 32, 16], 1, 1],
    ['3x3, whole blocks, no pad', [2, 7, 5, 16], [3, 3, 16, 48], 1, 0],
    ['5x3, whole blocks, same', [2, 7, 6, 16], [5, 3, 16, 32], 1, 'same'],
    ['2x4, whole blocks, same', [2, 5, 6, 16], [2, 4, 16, 16], 1, 'same'],
    ['1x1, whole blocks', [2, 5, 6, 16], [1, 1, 16, 32], 1, 0],
  ] as const)('convolution and its gradients: %s', async (_name, xShape, wShape, stride, pad) => {
    const fn: TensorFunction = ({ x, w, bias }) => {
      const f = (x: tf.Tensor, w: tf.Tensor) => {
        const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad as number);
        return tf.sum(tf.square(tf.relu(tf.add(y, bias)))) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(f)([x, w]);
      const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad as number);
      return {
        value,
        y,
        pooled: tf.mean(y, [1, 2]),
        channels: tf.sum(y, [0, 1, 2]),
        dx: grads[0],
        dw: grads[1],
      };
    };
    const arrays = { x: numbers(xShape), w: numbers(wShape, 2), bias: numbers([wShape[3]], 3) };
    await bothAgree(fn, arrays);
    // The same with ONNX's own operators, as for large layers.
    await bothAgree(fn, arrays, { largestWindows: 0 });
  });
});

it.each([
  [4096, 5, 3],
  [8208, 2, 700],
  [4100, 1025, 1],
  [4099, 3, 4],
])('a tall product and tall sums: %i rows, %i and %i columns', async (rows, left, right) => {
  const fn: TensorFunction = ({ a, b, map }) => ({
    product: tf.matMul(a, b, true),
    sums: tf.sum(a, 0),
    mean: tf.mean(map, [0, 1]),
    repeated: tf.mean(tf.sub(map, tf.mean(map, [0, 1], true)), 2),
  });
  await bothAgree(fn, {
    a: numbers([rows, left]),
    b: numbers([rows, right], 2),
    map: numbers([rows / (rows % 2 === 0 ? 2 : 1), 2, left], 3),
  });
});

describe('the block of channels of the blocked convolution', () => {
  const runtimeThat = (change: (y: Float32Array) => void): OnnxRuntime => ({
    Tensor: onnxruntime.Tensor,
    InferenceSession: {
      async create(model, options) {
        const session = await onnxruntime.InferenceSession.create(model, options);
        const run = session.run.bind(session);
        const blocked = Buffer.from(model).includes('nchwc');
        session.run = (async (feeds: Record<string, never>) => {
          const results = await run(feeds);
          if (blocked) change(results.y.data as Float32Array);
          return results;
        }) as typeof session.run;
        return session;
      },
    },
  });

  it('is found by what it computes', async () => {
    expect([16, 8, undefined]).toContain(await channelBlockOf(runtimeThat(() => {})));
  });

  it('is none if the kernels compute something else, or refuse', async () => {
    expect(await channelBlockOf(runtimeThat((y) => y.reverse()))).toBeUndefined();
    const refuses = runtimeThat(() => {
      throw new Error('no such operator');
    });
    expect(await channelBlockOf(refuses)).toBeUndefined();
  });
});

describe('precision and dynamic batches', () => {
  it('computes in double precision when asked', async () => {
    const program = await native.compile(
      ({ x }) => ({ y: tf.sub(tf.add(x, 1), 1), s: tf.sum(x) }),
      { x: { shape: [2], dtype: 'float32' } },
      { precision: 'float64' },
    );
    const { y, s } = await program.run({
      x: { dtype: 'float64', shape: [2], data: Float64Array.from([1e-12, 3e-12]) },
    });
    expect(y.dtype).toBe('float64');
    expect(y.data[0]).toBeCloseTo(1e-12, 15);
    expect(s.data[0]).toBe(4e-12);
    await program.dispose();
  });

  it('runs a forward pass at any batch', async () => {
    const fn: TensorFunction = ({ x, w }) => {
      const map = tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1));
      return { flat: tf.reshape(map, [map.shape[0], -1]), pooled: tf.mean(map, [1, 2]) };
    };
    const spec = {
      x: { shape: [997, 4, 4, 2], dtype: 'float32' as const },
      w: { shape: [3, 3, 2, 3], dtype: 'float32' as const },
    };
    const program = await native.compile(fn, spec, { dynamicBatch: ['x'] });
    const w = numbers([3, 3, 2, 3], 2);
    const large = numbers([5, 4, 4, 2]);
    const five = await program.run({ x: large, w });
    const one = await program.run({
      x: float32([1, 4, 4, 2], (large.data as Float32Array).slice(32 * 4)),
      w,
    });
    expect(five.flat.shape).toEqual([5, 48]);
    expect(one.pooled.shape).toEqual([1, 3]);
    expect(relativeDifference(five.pooled.data.slice(12), one.pooled.data)).toBeLessThan(1e-6);
    await program.dispose();
  });
});

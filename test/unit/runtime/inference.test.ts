import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { record, type TensorFunction } from '../../../src/runtime/index.ts';
import { bothAgree, numbers } from './bothBackends.ts';

/** Two maps of 5 x 6 with 4 channels. */
const x = numbers([2, 5, 6, 4]);
const rows = numbers([3, 4], 2);
const filter = numbers([3, 2, 4, 5], 3);
const deep = numbers([3, 3, 4, 2], 4);
const bias = numbers([5], 5);
const wide = numbers([8], 6);
const weights = numbers([4, 5], 7);
const four = numbers([4], 8);
const given = { x, rows, filter, deep, bias, wide, weights, four };

type Given = Record<keyof typeof given, tf.Tensor>;

const of = (fn: (all: Given) => tf.Tensor | tf.Tensor[]): TensorFunction =>
  ((all: Given) =>
    Object.fromEntries(
      [fn(all)].flat().map((tensor, at) => [`out${at}`, tensor]),
    )) as unknown as TensorFunction;

const map = ({ x: own }: Given) => own as tf.Tensor4D;

describe('kernels of models from elsewhere compute what tfjs computes', () => {
  it.each<[string, TensorFunction]>([
    ...(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const).flatMap(
      (activation): [string, TensorFunction][] => [
        [
          `a fused convolution with ${activation}`,
          of((all) =>
            tf.fused.conv2d({
              x: map(all),
              filter: all.filter as tf.Tensor4D,
              strides: [2, 1],
              pad: 'same',
              bias: all.bias,
              activation,
              leakyreluAlpha: 0.2,
            }),
          ),
        ],
        [
          `a fused product with ${activation}`,
          of((all) =>
            tf.fused.matMul({ a: all.rows, b: all.weights, bias: all.bias, activation, leakyreluAlpha: 0.2 }),
          ),
        ],
      ],
    ),
    [
      'a fused convolution without bias',
      of((all) =>
        tf.fused.conv2d({
          x: map(all),
          filter: all.filter as tf.Tensor4D,
          strides: 1,
          pad: 'valid',
          activation: 'relu',
        }),
      ),
    ],
    [
      'a fused depthwise convolution',
      of((all) =>
        tf.fused.depthwiseConv2d({
          x: map(all),
          filter: all.deep as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: all.wide,
          activation: 'relu6',
        }),
      ),
    ],
    [
      'a depthwise convolution with strides, and one with dilations',
      of((all) => [
        tf.depthwiseConv2d(map(all), all.deep as tf.Tensor4D, 2, 'valid'),
        tf.depthwiseConv2d(map(all), all.deep as tf.Tensor4D, 1, 'same', 'NHWC', 2),
      ]),
    ],
    [
      'batch normalisation, with and without scale and offset',
      of((all) => [
        tf.batchNorm(map(all), all.four, tf.square(all.four) as tf.Tensor1D, all.four, all.four, 0.01),
        tf.batchNorm(map(all), all.four, tf.square(all.four) as tf.Tensor1D),
      ]),
    ],
    [
      'pooling',
      of((all) => [
        tf.maxPool(map(all), 2, 2, 'valid'),
        tf.maxPool(map(all), [3, 2], 2, 'same'),
        tf.avgPool(map(all), [3, 3], 1, 'same'),
        tf.avgPool(map(all), 2, [2, 1], 'valid'),
        tf.maxPool(map(all), 3, 2, 1, 'floor'),
      ]),
    ],
    ['softmax', of((all) => [tf.softmax(all.rows), tf.logSoftmax(all.rows), tf.softmax(map(all))])],
    [
      'activations',
      of((all) => [
        tf.relu6(tf.mul(all.rows, 10)),
        tf.elu(all.rows),
        tf.selu(all.rows),
        tf.leakyRelu(all.rows, 0.3),
        tf.prelu(map(all), all.four),
        tf.erf(all.rows),
        tf.floor(tf.mul(all.rows, 3)),
        tf.ceil(tf.mul(all.rows, 3)),
        tf.sin(all.rows),
        tf.cos(all.rows),
      ]),
    ],
    [
      'other sizes of a map',
      of((all) => [
        tf.image.resizeBilinear(map(all), [10, 12]),
        tf.image.resizeBilinear(map(all), [7, 3]),
        tf.image.resizeBilinear(map(all), [9, 11], true),
        tf.image.resizeBilinear(map(all), [9, 4], false, true),
        tf.image.resizeNearestNeighbor(map(all), [10, 12]),
        tf.image.resizeNearestNeighbor(map(all), [3, 5]),
      ]),
    ],
    [
      'parts',
      of((all) => [
        ...tf.split(all.x, [1, 3], 3),
        ...tf.split(all.x, 2, -2),
        tf.stridedSlice(all.x, [0, 1, 5, 0], [2, 5, 0, 4], [1, 2, -2, 1]),
        tf.stridedSlice(all.x, [0, 1, 0, 0], [2, 2, 6, 2], [1, 1, 1, 1], 1, 1, 0, 0, 2),
        tf.stridedSlice(all.rows, [0, 0, 1], [0, 0, 3], [1, 1, 1], 3, 3, 0, 1),
      ]),
    ],
    ['a shape with one extent left open', of((all) => tf.reshape(all.x, [2, -1, 8]))],
  ])('%s', async (_, fn) => {
    await bothAgree(fn, given, { operators: 'standard' } as never);
  });
});

describe('what is computed with the shape of an input', () => {
  it('is known while it is recorded', async () => {
    const fn = of((all) => {
      const shape = tf.tensor1d(all.x.shape, 'int32');
      const [samples, height, width] = tf.unstack(tf.stridedSlice(shape, [0], [3], [1]));
      const positions = tf.prod(tf.stack([height, width]));
      const extents = tf.stack([samples, tf.cast(positions, 'int32'), tf.scalar(4, 'int32')]).dataSync();
      return tf.reshape(all.x, Array.from(extents));
    });
    const outputs = await bothAgree(fn, given, { computesShapes: true } as never);
    expect(outputs.out0.shape).toEqual([2, 30, 4]);
  });

  it('may not depend on its values', async () => {
    const recording = record((all) => ({ out: tf.fill([Math.round(all.x.dataSync()[0])], 1) }), {
      x: { shape: [1], dtype: 'int32' },
    });
    await expect(recording).rejects.toThrow('a value that depends on the input decides what is computed');
  });
});

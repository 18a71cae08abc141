import * as tf from '@tensorflow/tfjs-core';
import { batchNorm } from './batchNorm.ts';
import { type Block, sequence, weight } from './block.ts';
import { constant, type Initialiser } from './initial.ts';

interface ConvolutionOptions {
  readonly filters: number;
  /** Side of the kernel; it is padded by half of it, so that stride 1 keeps the map's size. */
  readonly size: 1 | 3;
  readonly stride: 1 | 2;
  readonly bias: boolean;
  readonly initial: Initialiser;
}

/** Convolution of channels-last maps [height, width, channels]; weight [size, size, channels, filters]. */
export const convolution = (
  name: string,
  [height, width, channels]: readonly number[],
  { filters, size, stride, bias, initial }: ConvolutionOptions,
): Block => {
  const padding = (size - 1) / 2;
  const reduced = (extent: number): number => Math.floor((extent + 2 * padding - size) / stride) + 1;
  return {
    shape: [reduced(height), reduced(width), filters],
    variables: [
      weight(`${name}.weight`, [size, size, channels, filters], initial, true),
      ...(bias ? [weight(`${name}.bias`, [filters], constant(0), false)] : []),
    ],
    apply: (x, { variables }) => {
      const kernel = variables[`${name}.weight`] as tf.Tensor4D;
      const map = tf.conv2d(x as tf.Tensor4D, kernel, stride, padding);
      return bias ? tf.add(map, variables[`${name}.bias`]) : map;
    },
  };
};

/** Convolution without bias, then batch norm `NAME.norm`. */
export const normalisedConvolution = (
  name: string,
  shape: readonly number[],
  options: Omit<ConvolutionOptions, 'bias'>,
): Block => {
  const map = convolution(name, shape, { ...options, bias: false });
  return sequence(map, batchNorm(`${name}.norm`, map.shape));
};

/** Mean over the positions of a map: [batch, height, width, channels] -> [batch, channels]. */
export const globalAverage = (shape: readonly number[]): Block => ({
  shape: [shape[2]],
  variables: [],
  apply: (x) => tf.mean(x, [1, 2]),
});

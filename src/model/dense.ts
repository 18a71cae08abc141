import * as tf from '@tensorflow/tfjs-core';
import { type Block, elementwise, weight } from './block.ts';
import { constant, type Initialiser } from './initial.ts';

/** y = x W^T + b with W [outputs, inputs] (row i computes output i, as in PyTorch), x [batch, inputs]. */
export const dense = (
  name: string,
  inputs: number,
  outputs: number,
  initial: Initialiser,
  bias: boolean,
): Block => ({
  shape: [outputs],
  variables: [
    weight(`${name}.weight`, [outputs, inputs], initial, true),
    ...(bias ? [weight(`${name}.bias`, [outputs], constant(0), false)] : []),
  ],
  apply: (x, { variables }) => {
    const product = tf.matMul(x as tf.Tensor2D, variables[`${name}.weight`] as tf.Tensor2D, false, true);
    return bias ? tf.add(product, variables[`${name}.bias`]) : product;
  },
});

/** y_j = w_j x_j, every w_j starting at `start`. */
export const diagonal = (name: string, width: number, start: number): Block => ({
  shape: [width],
  variables: [weight(`${name}.weight`, [width], constant(start), true)],
  apply: (x, { variables }) => tf.mul(x, variables[`${name}.weight`]),
});

export const relu = (shape: readonly number[]): Block => elementwise(shape, (x) => tf.relu(x));

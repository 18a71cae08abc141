import * as tf from '@tensorflow/tfjs-core';
import { type Block, weight } from './block.ts';
import { constant } from './initial.ts';

/**
 * The symmetrised ReLU S_b(z) = relu(z - b) - relu(-z - b): the soft threshold for b > 0, the identity for b = 0.
 * b is one scalar, trained (`NAME.threshold`, no weight decay) or fixed.
 */
export const symmetricRelu = (
  name: string,
  shape: readonly number[],
  threshold: number,
  trained: boolean,
): Block => ({
  shape,
  variables: trained ? [weight(`${name}.threshold`, [], constant(threshold), false)] : [],
  apply: (z, { variables }) => {
    const b = trained ? variables[`${name}.threshold`] : tf.scalar(threshold);
    return tf.sub(tf.relu(tf.sub(z, b)), tf.relu(tf.sub(tf.neg(z), b)));
  },
});

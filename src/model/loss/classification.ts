import * as tf from '@tensorflow/tfjs-core';
import type { LossBatch } from './loss.ts';
import { logSumExpRows, oneHot } from './similarity.ts';

/** Mean over the batch of log sum_c exp(o_c) - o_y, for logits o [B, classes]. */
export const crossEntropy = (output: tf.Tensor, { labels }: LossBatch): tf.Scalar => {
  const logits = output as tf.Tensor2D;
  const target = tf.sum(tf.mul(logits, oneHot(labels!, logits.shape[1])), 1);
  return tf.mean(tf.sub(logSumExpRows(logits), target));
};

/**
 * Mean over the batch of the sum over classes of (o_c - [c = y])^2. The sum, not the mean, over classes, so that the
 * scale of the loss does not shrink as classes are added.
 */
export const meanSquaredError = (output: tf.Tensor, { labels }: LossBatch): tf.Scalar => {
  const difference = tf.sub(output, oneHot(labels!, output.shape[1]!));
  return tf.mean(tf.sum(tf.square(difference), 1));
};

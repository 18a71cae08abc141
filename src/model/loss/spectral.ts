import * as tf from '@tensorflow/tfjs-core';
import type { LossBatch } from './loss.ts';
import { sameLabel } from './similarity.ts';

/**
 * Spectral contrastive loss (HaoChen et al. 2021), estimated without bias from B pairs (u_i, v_i), rows of [B, k]:
 * -2 mean_i u_i.v_i + mean_(i != j) (u_i.v_j)^2.
 *
 * For k <= B the second term costs k x k instead of B x B products: sum_ij (u_i.v_j)^2 = sum (U^T U) o (V^T V).
 */
export const spectral = (output: tf.Tensor, { batchSize }: LossBatch): tf.Scalar => {
  const dimensions = output.shape[1]!;
  const [u, v] = tf.split(output as tf.Tensor2D, 2);
  const paired = tf.sum(tf.mul(u, v), 1);
  const all =
    dimensions <= batchSize
      ? tf.mul(tf.matMul(u, u, true, false), tf.matMul(v, v, true, false))
      : tf.square(tf.matMul(u, v, false, true));
  const different = tf.sub(tf.sum(all), tf.sum(tf.square(paired)));
  return tf.sub(tf.mul(different, 1 / (batchSize * (batchSize - 1))), tf.mul(tf.sum(paired), 2 / batchSize));
};

/**
 * Spectral contrastive loss whose positives are other samples of the same class, from one view z [B, k]:
 * -2 mean_i mean_(j != i, y_j = y_i) z_i.z_j + mean_(i != j) (z_i.z_j)^2. The outer mean is over the anchors that have
 * a positive in the batch (0 when none has one).
 */
export const supervisedSpectral = (output: tf.Tensor, { batchSize, labels }: LossBatch): tf.Scalar => {
  const z = output as tf.Tensor2D;
  const products: tf.Tensor2D = tf.matMul(z, z, false, true);
  const squares = tf.sub(tf.sum(tf.square(products)), tf.sum(tf.square(tf.sum(tf.square(z), 1))));
  const positive = meanOverPositives(products, sameLabel(labels!));
  const attraction = tf.div(tf.sum(positive.means), positive.anchors);
  return tf.sub(tf.mul(squares, 1 / (batchSize * (batchSize - 1))), tf.mul(attraction, 2));
};

/**
 * For every row the mean of `values` where `mask` is 1 (0 if it is 1 nowhere), which rows have any, and the number
 * of such rows (at least 1, to divide by).
 */
export const meanOverPositives = (
  values: tf.Tensor2D,
  mask: tf.Tensor2D,
): { means: tf.Tensor1D; present: tf.Tensor; anchors: tf.Scalar } => {
  const counts: tf.Tensor1D = tf.sum(mask, 1);
  const present = tf.minimum(counts, 1);
  const means: tf.Tensor1D = tf.div(tf.sum(tf.mul(values, mask), 1), tf.maximum(counts, 1));
  return { means, present, anchors: tf.maximum(tf.sum(present), 1) };
};

import * as tf from '@tensorflow/tfjs-core';

/** Rows divided by max(norm, 1e-12); a zero row stays zero and its gradient finite. */
export const unitRows = (z: tf.Tensor2D): tf.Tensor2D => {
  const squared = tf.sum(tf.square(z), 1, true);
  return tf.mul(z, tf.rsqrt(tf.maximum(squared, 1e-24)));
};

/** 0 ... n - 1, int32. */
const upTo = (n: number): tf.Tensor1D => tf.range(0, n, 1, 'int32');

/** [n, n] float32, 1 on the diagonal: made from one range, so that a recorded graph contains n numbers instead of n^2. */
export const identity = (n: number): tf.Tensor2D => equalPairs(upTo(n));

/** [n, n] float32, 1 where two different rows have the same label. */
export const sameLabel = (labels: tf.Tensor): tf.Tensor2D =>
  tf.sub(equalPairs(labels), identity(labels.size));

/** [n, n] float32, 1 where two of the n values are equal. */
const equalPairs = (values: tf.Tensor): tf.Tensor2D =>
  tf.cast(tf.equal(tf.reshape(values, [values.size, 1]), tf.reshape(values, [1, values.size])), 'float32');

/** One-hot rows [n, classes], float32. */
export const oneHot = (labels: tf.Tensor, classes: number): tf.Tensor2D =>
  tf.cast(tf.equal(tf.reshape(labels, [labels.size, 1]), tf.reshape(upTo(classes), [1, classes])), 'float32');

/**
 * log sum_j exp x_ij for every row of x [n, m] -> [n], shifted by the row's maximum. Its gradient is the softmax,
 * implemented directly, so that the maximum is not differentiated.
 */
export const logSumExpRows = (x: tf.Tensor2D): tf.Tensor1D =>
  tf.customGrad((...args) => {
    const logits = args[0] as tf.Tensor2D;
    const save = args[1] as tf.GradSaveFunc;
    const largest = tf.max(logits, 1, true);
    const total: tf.Tensor = tf.sum(tf.exp(tf.sub(logits, largest)), 1, true);
    const value = tf.add(tf.log(total), largest);
    save([logits, value]);
    return {
      value: tf.reshape(value, [logits.shape[0]]),
      gradFunc: (dy, [saved, lse]) => tf.mul(tf.exp(tf.sub(saved, lse)), tf.reshape(dy, [dy.size, 1])),
    };
  })(x) as tf.Tensor1D;

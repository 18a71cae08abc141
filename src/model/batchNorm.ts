import * as tf from '@tensorflow/tfjs-core';
import { type Block, statistic, weight } from './block.ts';
import { constant } from './initial.ts';

const BATCH_NORM_EPSILON = 1e-5;
const BATCH_NORM_MOMENTUM = 0.1;

/**
 * Batch normalisation over every axis but the last (Ioffe and Szegedy 2015), with PyTorch's conventions:
 * y = scale * (x - mean) / sqrt(variance + 1e-5) + shift. In training mean and variance (divided by n) are those of the
 * batch, and running <- 0.9 running + 0.1 batch, where the batch variance is divided by n - 1; in evaluation they
 * are the running ones. Variables `NAME.scale`, `NAME.shift`, `NAME.runningMean`, `NAME.runningVariance`, [channels].
 */
export const batchNorm = (name: string, shape: readonly number[]): Block => {
  const channels = [shape[shape.length - 1]];
  const [scale, shift] = [`${name}.scale`, `${name}.shift`];
  const [mean, variance] = [`${name}.runningMean`, `${name}.runningVariance`];
  return {
    shape,
    variables: [
      weight(scale, channels, constant(1), false),
      weight(shift, channels, constant(0), false),
      statistic(mean, channels, constant(0)),
      statistic(variance, channels, constant(1)),
    ],
    apply: (x, { variables, mode, statistics }) => {
      const parameters = [variables[scale], variables[shift]] as const;
      if (mode === 'evaluate')
        return normaliseByRunning(x, ...parameters, variables[mean], variables[variance]);
      return normaliseByBatch(x, ...parameters, (batchMean, batchVariance, count) => {
        const unbiased = tf.mul(batchVariance, count / Math.max(count - 1, 1));
        // Kept, because they are created inside a gradient, whose intermediate tensors are freed, and
        // returned beside the loss.
        statistics[mean] = tf.keep(runningAverage(variables[mean], batchMean));
        statistics[variance] = tf.keep(runningAverage(variables[variance], unbiased));
      });
    },
  };
};

const runningAverage = (running: tf.Tensor, batch: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(running, 1 - BATCH_NORM_MOMENTUM), tf.mul(batch, BATCH_NORM_MOMENTUM));

/** Two passes over the map: the statistics are folded into one gain and one offset per channel first. */
const normaliseByRunning = (
  x: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
): tf.Tensor => {
  const gain = tf.mul(scale, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
  return tf.add(tf.mul(x, gain), tf.sub(shift, tf.mul(mean, gain)));
};

type OnStatistics = (mean: tf.Tensor, variance: tf.Tensor, count: number) => void;

/**
 * One custom gradient instead of the twenty passes that differentiating the formula costs: with c = x - mean, r = 1 / std and gain = scale * r,
 * y = c * gain + shift, dshift = sum dy, dscale = r * sum (dy c), dx = gain * (dy - mean dy - c * r^2 * mean (dy c)). The normalised map
 * c * r is never made: r goes into numbers per channel.
 */
const normaliseByBatch = (
  x: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
  onStatistics: OnStatistics,
): tf.Tensor => {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const count = x.size / x.shape[x.rank - 1];
  return tf.customGrad((...args) => {
    const [input, gamma, beta] = args as tf.Tensor[];
    const save = args[3] as tf.GradSaveFunc;
    const mean = tf.mean(input, axes);
    const centred = tf.sub(input, mean);
    const variance = tf.mean(tf.square(centred), axes);
    onStatistics(mean, variance, count);
    const inverse = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON));
    const gain = tf.mul(gamma, inverse);
    save([centred, inverse, gain]);
    return {
      value: tf.add(tf.mul(centred, gain), beta),
      gradFunc: (dy, [saved, r, factor]) => {
        const dBeta = tf.sum(dy, axes);
        const dGamma = tf.mul(tf.sum(tf.mul(dy, saved), axes), r);
        const along = tf.mul(saved, tf.mul(tf.mul(dGamma, r), 1 / count));
        return [tf.mul(tf.sub(tf.sub(dy, tf.mul(dBeta, 1 / count)), along), factor), dGamma, dBeta];
      },
    };
  })(x, scale, shift);
};

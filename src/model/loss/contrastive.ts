import * as tf from '@tensorflow/tfjs-core';
import type { LossBatch } from './loss.ts';
import { identity, logSumExpRows, sameLabel, unitRows } from './similarity.ts';
import { meanOverPositives } from './spectral.ts';

/**
 * Subtracted from a row's similarity with itself: far more than any cosine / temperature, so it does not
 * contribute to the softmax.
 */
const MASK = 1e9;

/** Cosine similarities / temperature [n, n] of unit rows, and for every row the log sum exp over the other rows. */
const similarities = (unit: tf.Tensor2D, temperature: number) => {
  const logits: tf.Tensor2D = tf.mul(tf.matMul(unit, unit, false, true), 1 / temperature);
  const masked: tf.Tensor2D = tf.sub(logits, tf.mul(identity(unit.shape[0]), MASK));
  return { logits, others: logSumExpRows(masked) };
};

/**
 * NT-Xent (Chen et al. 2020): over all 2B L2-normalised embeddings the mean of
 * -s_i,partner / T + log sum_(j != i) exp(s_ij / T), s the cosine similarity.
 */
export const ntXent =
  (temperature: number) =>
  (output: tf.Tensor, { batchSize }: LossBatch): tf.Scalar => {
    const unit = unitRows(output as tf.Tensor2D);
    const { others } = similarities(unit, temperature);
    const [first, second] = tf.split(unit, 2);
    // Each pair counts for both of its members: sum over B pairs / B is the mean over 2B rows.
    const partner = tf.mul(tf.sum(tf.mul(first, second)), 1 / (batchSize * temperature));
    return tf.sub(tf.mean(others), partner);
  };

/**
 * Supervised contrastive loss, L_out of Khosla et al. 2020: the mean over anchors i of
 * -mean_(p in P(i)) s_ip / T + log sum_(a != i) exp(s_ia / T), where P(i) are the other rows with the label of i.
 * Anchors with no positive in the batch are left out of the mean (0 when none has one).
 */
export const supervisedContrastive =
  (temperature: number, views: 1 | 2) =>
  (output: tf.Tensor, { labels }: LossBatch): tf.Scalar => {
    const rows = views === 2 ? tf.concat([labels!, labels!]) : labels!;
    const { logits, others } = similarities(unitRows(output as tf.Tensor2D), temperature);
    const { means, present, anchors } = meanOverPositives(logits, sameLabel(rows));
    return tf.div(tf.sum(tf.sub(tf.mul(others, present), means)), anchors);
  };

import { openStream, permutation } from '../data/index.ts';

/** A seeded random order of labels; `draw` distinguishes several orders of one seed. */
export const shuffledOrder = (samples: number, seed: number, draw = 0): Int32Array =>
  permutation(samples, openStream(seed, 'shuffled labels', draw));

/** The same labels in such an order. */
export const shuffled = (labels: Int32Array, seed: number, draw = 0): Int32Array =>
  shuffledOrder(labels.length, seed, draw).map((source) => labels[source]);

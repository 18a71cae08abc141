import { openStream, permutation } from '../data/index.ts';

/** The same labels in a seeded random order; `draw` tells several orders of one seed apart. */
export const shuffled = (labels: Int32Array, seed: number, draw = 0): Int32Array =>
  permutation(labels.length, openStream(seed, 'shuffled labels', draw)).map((source) => labels[source]);

import { openStream, permutation } from '../data/index.ts';

/** The same labels in a seeded random order; `draw` distinguishes several orders of one seed. */
export const shuffled = (labels: Int32Array, seed: number, draw = 0): Int32Array =>
  permutation(labels.length, openStream(seed, 'shuffled labels', draw)).map((source) => labels[source]);

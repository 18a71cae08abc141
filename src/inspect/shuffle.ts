import { openStream, permutation } from '../data/index.ts';

/** The same values in a seeded random order; `draw` tells several orders of one seed apart. */
export const shuffled = <Values extends Int32Array | Float64Array>(
  values: Values,
  seed: number,
  draw = 0,
): Values => {
  const order = permutation(values.length, openStream(seed, 'shuffled labels', draw));
  const result = values.slice() as Values;
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]];
  return result;
};

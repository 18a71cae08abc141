import type { DataSet } from './dataSet.ts';
import { chosenValues } from './holdOut.ts';
import { openStream, permutation } from './random.ts';

/** Seeded samples of a data set, in the data set's order; the whole data set if it has at most `count`. */
export const subset = (dataSet: DataSet, count: number, seed: number): DataSet => {
  if (dataSet.size <= count) return dataSet;
  const samples = permutation(dataSet.size, openStream(seed, 'subset')).slice(0, count).sort();
  // Member by member, because the store of the whole data set must not be copied.
  return {
    name: dataSet.name,
    size: count,
    shape: dataSet.shape,
    factors: dataSet.factors.map((factor) => chosenValues(factor, samples)),
    read: (from, to) => {
      const length = dataSet.shape.reduce((product, extent) => product * extent, 1);
      const data = new Float32Array((to - from) * length);
      for (let row = from; row < to; row++) {
        data.set(dataSet.read(samples[row], samples[row] + 1).data, (row - from) * length);
      }
      return { dtype: 'float32', shape: [to - from, ...dataSet.shape], data };
    },
  };
};

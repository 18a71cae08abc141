import { type Experiment, validationSamples } from '../experiment/index.ts';
import type { Factor } from './dataSet.ts';
import { openStream, permutation } from './random.ts';
import { type SampleStore, sampleLength, sharedBytes, sharedDoubles, sharedFloats } from './sampleStore.ts';
import { type StoredDataSet, storedDataSet } from './storedDataSet.ts';

/**
 * The training samples in two parts: those that the encoder is trained on, and a seeded choice of others, as evidence
 * that its labels did not touch. Both keep the order of the data.
 */
export const holdOut = (
  train: StoredDataSet,
  experiment: Experiment,
): { train: StoredDataSet; validation: StoredDataSet | null } => {
  const count = validationSamples(experiment, train.size);
  if (count === 0) return { train, validation: null };
  const order = permutation(train.size, openStream(experiment.seed, 'validation'));
  return {
    train: chosenOf(train, 'train', order.slice(count).sort()),
    validation: chosenOf(train, 'validation', order.slice(0, count).sort()),
  };
};

/** Some samples of a data set, in this order. */
export const chosenOf = (
  { store, factors }: StoredDataSet,
  name: string,
  samples: Int32Array,
): StoredDataSet =>
  storedDataSet(
    name,
    chosenSamples(store, samples),
    factors.map((factor) => chosenValues(factor, samples)),
  );

/** The factor of some samples. */
export const chosenValues = (factor: Factor, samples: Int32Array): Factor =>
  factor.kind === 'categorical'
    ? { ...factor, values: Int32Array.from(samples, (sample) => factor.values[sample]) }
    : { ...factor, values: Float64Array.from(samples, (sample) => factor.values[sample]) };

type Values = Uint8Array | Float32Array | Float64Array;

/** Rows of `length` values, copied into `into`. */
const gather = <T extends Values>(from: T, samples: Int32Array, length: number, into: T): T => {
  samples.forEach((sample, row) => {
    into.set(from.subarray(sample * length, (sample + 1) * length), row * length);
  });
  return into;
};

const chosenSamples = (store: SampleStore, samples: Int32Array): SampleStore => {
  const size = samples.length;
  const length = sampleLength(store.shape);
  switch (store.kind) {
    case 'bytes':
      return { ...store, size, values: gather(store.values, samples, length, sharedBytes(size * length)) };
    case 'floats':
      return { ...store, size, values: gather(store.values, samples, length, sharedFloats(size * length)) };
    case 'composition':
      return {
        ...store,
        size,
        digits: gather(store.digits, samples, 16 * 16, sharedBytes(size * 16 * 16)),
        clothes: gather(store.clothes, samples, 28 * 28, sharedBytes(size * 28 * 28)),
      };
    case 'coordinates': {
      const features = store.strengths.length;
      const factors = gather(store.factors, samples, features, sharedDoubles(size * features));
      return { ...store, size, factors };
    }
  }
};

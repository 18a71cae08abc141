import type { TensorData } from '../runtime/index.ts';
import type { DataSet, Factor } from './dataSet.ts';
import { readSample, type SampleStore, sampleLength, sharedFloats } from './sampleStore.ts';

/** A data set that knows where its samples are stored, so that worker threads can make views of them. */
export interface StoredDataSet extends DataSet {
  readonly store: SampleStore;
}

const readRange = (store: SampleStore, from: number, to: number): TensorData => {
  if (from < 0 || to < from || to > store.size) {
    throw new RangeError(`samples ${from} to ${to} of ${store.size}`);
  }
  const length = sampleLength(store.shape);
  const values = new Float32Array((to - from) * length);
  for (let sample = from; sample < to; sample++) {
    values.set(readSample(store, sample), (sample - from) * length);
  }
  return { dtype: 'float32', shape: [to - from, ...store.shape], data: values };
};

export const storedDataSet = (
  name: string,
  store: SampleStore,
  factors: readonly Factor[],
): StoredDataSet => ({
  name,
  size: store.size,
  shape: store.shape,
  factors,
  store,
  read: (from, to) => readRange(store, from, to),
});

/** The store of a data set; a data set without one is read into memory once. */
export const storeOf = (dataSet: DataSet): SampleStore => {
  if ('store' in dataSet) return (dataSet as StoredDataSet).store;
  const values = sharedFloats(dataSet.size * sampleLength(dataSet.shape));
  values.set(dataSet.read(0, dataSet.size).data);
  return { kind: 'floats', size: dataSet.size, shape: dataSet.shape, values };
};

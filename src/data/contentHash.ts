import { createHash, type Hash } from 'node:crypto';
import type { DataSet, Population } from './dataSet.ts';
import type { SampleStore } from './sampleStore.ts';
import { storeOf } from './storedDataSet.ts';

const addText = (hash: Hash, text: string): void => {
  // Preceded by its length, so that neighbouring texts cannot be confused.
  hash.update(`${Buffer.byteLength(text)}:${text}`);
};

const addArray = (hash: Hash, values: NodeJS.ArrayBufferView & { length: number }): void => {
  addText(hash, `${values.length}`);
  hash.update(values);
};

const addStore = (hash: Hash, store: SampleStore): void => {
  addText(hash, `${store.kind} ${store.size} ${store.shape.join('x')}`);
  switch (store.kind) {
    case 'bytes':
    case 'floats':
      addArray(hash, store.values);
      break;
    case 'composition':
      addText(hash, String(store.strength));
      addArray(hash, store.digits);
      addArray(hash, store.clothes);
      break;
    case 'coordinates':
      addText(hash, store.distribution);
      addArray(hash, store.strengths);
      addArray(hash, store.directions ?? new Float64Array(0));
      addArray(hash, store.factors);
      break;
  }
};

const addDataSet = (hash: Hash, dataSet: DataSet): void => {
  addText(hash, dataSet.name);
  addStore(hash, storeOf(dataSet));
  for (const factor of dataSet.factors) {
    addText(hash, `${factor.name} ${factor.kind}`);
    addArray(hash, factor.values);
    if (factor.kind === 'categorical') addText(hash, JSON.stringify(factor.classes));
  }
};

/**
 * SHA-256 over samples, factors and moments of both splits, hexadecimal: all data that a run depends on. Shifts are
 * only used for later questions and are not part of it.
 */
export const contentHash = (dataSets: readonly DataSet[], population: Population | null): string => {
  const hash = createHash('sha256');
  for (const dataSet of dataSets) addDataSet(hash, dataSet);
  if (population !== null) {
    addArray(hash, population.strengths);
    addArray(hash, population.directions);
    addArray(hash, population.positiveMoment);
    addArray(hash, population.secondMoment);
    const [first, second] = population.viewMoments;
    // Views that are alike add nothing, so that runs from before there were two moments can be resumed.
    if (first.some((moment, j) => moment !== second[j])) addArray(hash, first);
  }
  return hash.digest('hex');
};

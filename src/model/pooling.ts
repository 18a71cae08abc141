import * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../experiment/index.ts';
import { sizeOf } from '../runtime/index.ts';

/**
 * How a map [height, width, channels] becomes a vector: its mean over the positions [channels]; mean and maximum
 * [2 channels]; or flattened [height width channels]. A vector stays as it is.
 */
export type Pooling = Experiment['pooling'];

/** What documents say of a map. */
const WORDS = {
  mean: 'average over positions',
  'mean-max': 'average and maximum over positions',
  flatten: 'none',
} as const satisfies Record<Pooling, string>;

type PoolingWords = (typeof WORDS)[Pooling];

const isMap = (shape: readonly number[]): boolean => shape.length === 3;

/** [batch, ...shape] -> [batch, dimensions]. */
export const pooled = (layer: tf.Tensor, pooling: Pooling): tf.Tensor => {
  if (!isMap(layer.shape.slice(1))) return layer;
  switch (pooling) {
    case 'mean':
      return tf.mean(layer, [1, 2]);
    case 'mean-max':
      return tf.concat([tf.mean(layer, [1, 2]), tf.max(layer, [1, 2])], 1);
    case 'flatten':
      return tf.reshape(layer, [layer.shape[0], sizeOf(layer.shape.slice(1))]);
  }
};

/** Length of the vector of a layer with this shape. */
export const pooledSize = (shape: readonly number[], pooling: Pooling): number => {
  if (!isMap(shape) || pooling === 'flatten') return sizeOf(shape);
  return pooling === 'mean' ? shape[2] : 2 * shape[2];
};

export const poolingWords = (shape: readonly number[], pooling: Pooling): PoolingWords =>
  isMap(shape) ? WORDS[pooling] : 'none';

/** The pooling that a document names; undefined for words that are not known. */
export const poolingOfWords = (words: string): Pooling | undefined =>
  (Object.keys(WORDS) as Pooling[]).find((pooling) => WORDS[pooling] === words);

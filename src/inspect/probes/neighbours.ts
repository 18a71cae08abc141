import { type Representation, rowsOf, toMatrix } from '../../sources/index.ts';
import { type Matrix, rowOf, unitRows } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { indexOfLargest } from '../largest.ts';
import type { FitLabels } from './task.ts';

export const NEIGHBOURS = 20;
export const TEMPERATURE = 0.07;
const CHUNK = 256;

/** The most similar training rows of every query, most similar first: [queries, count]. */
export interface Neighbours {
  readonly count: number;
  readonly index: Int32Array;
  /** exp(cosine / T) of each. */
  readonly votes: Float64Array;
}

export interface NeighbourOptions {
  readonly signal?: AbortSignal;
  /** When the queries are the training samples: lists of folds, within which samples are not neighbours. */
  readonly folds?: readonly Int32Array[];
}

/** Rows of length 1. */
export const normalised = (samples: Representation): Matrix => unitRows(toMatrix(samples)).rows;

/**
 * Cosine similarity of normalised rows; equal similarities keep the earlier training row. One answer for each list of
 * folds, or one without.
 */
export const findNeighbours = async (
  products: Products,
  train: Matrix,
  queries: Matrix,
  { signal, folds }: NeighbourOptions = {},
): Promise<Neighbours[]> => {
  const lists: readonly (Int32Array | null)[] = folds ?? [null];
  const found = lists.map((list) => noneYet(queries.rows, Math.min(NEIGHBOURS, outsideOf(list, train))));
  for (let from = 0; from < queries.rows; from += CHUNK) {
    signal?.throwIfAborted();
    const to = Math.min(from + CHUNK, queries.rows);
    const cosines = await products.inner(rowsOf(queries, from, to), train);
    for (let query = from; query < to; query++) {
      const row = rowOf(cosines, query - from);
      found.forEach(({ count, index, similarity }, at) => {
        const range = [query * count, (query + 1) * count] as const;
        keepLargest(row, index.subarray(...range), similarity.subarray(...range), lists[at], query);
      });
    }
  }
  return found.map(({ count, index, similarity }) => ({
    count,
    index,
    votes: similarity.map((cosine) => Math.exp(cosine / TEMPERATURE)),
  }));
};

const noneYet = (queries: number, count: number) => ({
  count,
  index: new Int32Array(queries * count),
  similarity: new Float64Array(queries * count),
});

/** The fewest training samples that are outside of a fold. */
const outsideOf = (folds: Int32Array | null, { rows }: Representation): number => {
  if (folds === null) return rows;
  const sizes = new Map<number, number>();
  for (const fold of folds) sizes.set(fold, (sizes.get(fold) ?? 0) + 1);
  return rows - [...sizes.values()].reduce((a, b) => Math.max(a, b), 0);
};

/**
 * The largest values of a row with their indices, in descending order (insertion into a short sorted list). Those in the
 * fold of the query are left out.
 */
const keepLargest = (
  row: Float64Array,
  index: Int32Array,
  similarity: Float64Array,
  folds: Int32Array | null,
  query: number,
): void => {
  similarity.fill(Number.NEGATIVE_INFINITY);
  const last = index.length - 1;
  const own = folds === null ? -1 : folds[query];
  for (let candidate = 0; candidate < row.length; candidate++) {
    const value = row[candidate];
    if (value <= similarity[last] || (folds !== null && folds[candidate] === own)) continue;
    let place = last;
    for (; place > 0 && similarity[place - 1] < value; place--) {
      similarity[place] = similarity[place - 1];
      index[place] = index[place - 1];
    }
    similarity[place] = value;
    index[place] = candidate;
  }
};

/** Vote of the neighbours, each times its weight; ties go to the lower class. */
export const voteOfNeighbours = (
  neighbours: Neighbours,
  { labels, weights }: FitLabels,
  classes: number,
): Int32Array => {
  const { count, index, votes: cast } = neighbours;
  const queries = index.length / count;
  const predictions = new Int32Array(queries);
  for (let query = 0; query < queries; query++) {
    const votes = new Float64Array(classes);
    for (let k = query * count; k < (query + 1) * count; k++) {
      votes[labels[index[k]]] += cast[k] * (weights?.[index[k]] ?? 1);
    }
    predictions[query] = indexOfLargest(votes);
  }
  return predictions;
};

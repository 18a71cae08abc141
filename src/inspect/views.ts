import { type DataSet, makeViews, openStream, permutation, storeOf } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { float32, sizeOf } from '../runtime/index.ts';
import { type Matrix, matrix, rowsOf } from './matrix.ts';
import {
  type Reader,
  type ReadOptions,
  type Representations,
  readAll,
  tensorSource,
} from './representations.ts';
import type { TappedLayer } from './tappedLayer.ts';

/** How many augmented views the view measures rest on. */
export interface ViewSizes {
  /** Test samples of which two views are made. */
  readonly pairs: number;
  /** LiDAR: test samples, and views of each (rounded up to whole pairs). */
  readonly objects: number;
  readonly viewsPerObject: number;
}

export const VIEW_SIZES: ViewSizes = { pairs: 2000, objects: 256, viewsPerObject: 8 };

/** Keeps the views apart from those of the training epochs. */
const FIRST_ROUND = 0x80000000;

export interface ViewedLayer {
  /** Representations of the two views; row i of both is the same sample. */
  readonly first: Matrix;
  readonly second: Matrix;
  /** [objects * views, dimensions], the views of one object in consecutive rows. */
  readonly objects: Matrix;
  readonly viewsPerObject: number;
}

interface DrawnChunk {
  readonly first: Representations;
  readonly second: Representations;
}

/** Seeded samples of the split, in no order: a test split is often sorted by class. */
const chooseSamples = (dataSet: DataSet, count: number, seed: number): Int32Array =>
  permutation(dataSet.size, openStream(seed, 'viewed samples')).slice(0, count);

/** Augmented views of the test split at every layer; null when the experiment augments nothing. */
export const readViews = async (
  experiment: Experiment,
  dataSet: DataSet,
  reader: Reader,
  layers: readonly TappedLayer[],
  sizes: ViewSizes,
  options: ReadOptions = {},
): Promise<ReadonlyMap<string, ViewedLayer> | null> => {
  if (experiment.augmentation.length === 0 || dataSet.size === 0) return null;
  const { seed, augmentation } = experiment;
  const plan = { seed, augmentation, store: storeOf(dataSet), views: 2 } as const;
  const draw = async (samples: Int32Array, round: number): Promise<DrawnChunk[]> => {
    const read: DrawnChunk[] = [];
    for (let from = 0; from < samples.length; from += reader.chunk) {
      const chunk = samples.slice(from, from + reader.chunk);
      const values = makeViews({ plan, epoch: FIRST_ROUND + round, samples: chunk });
      const both = float32([2 * chunk.length, ...dataSet.shape], values);
      const all = await readAll(reader, layers, 2 * chunk.length, tensorSource(both), 'augmented', options);
      read.push({ first: halfOf(all, 0), second: halfOf(all, 1) });
    }
    return read;
  };
  const samples = chooseSamples(dataSet, sizes.pairs, seed);
  const pairs = await draw(samples, 0);
  const objects = samples.slice(0, sizes.objects);
  const rounds: DrawnChunk[][] = [];
  for (let round = 1; round <= Math.ceil(sizes.viewsPerObject / 2); round++) {
    rounds.push(await draw(objects, round));
  }
  return new Map(
    layers.map(({ name }) => [
      name,
      {
        first: stack(pairs.map(({ first }) => first.get(name)!)),
        second: stack(pairs.map(({ second }) => second.get(name)!)),
        objects: interleave(
          rounds.flatMap((round) => [
            stack(round.map(({ first }) => first.get(name)!)),
            stack(round.map(({ second }) => second.get(name)!)),
          ]),
        ),
        viewsPerObject: 2 * rounds.length,
      },
    ]),
  );
};

const halfOf = (all: Representations, half: 0 | 1): Representations =>
  new Map([...all].map(([name, m]) => [name, rowsOf(m, (half * m.rows) / 2, ((half + 1) * m.rows) / 2)]));

const stack = (parts: readonly Matrix[]): Matrix => {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float32Array(sizeOf([rows, parts[0].columns]));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return matrix(rows, parts[0].columns, data);
};

/** Row i of every part, then row i + 1 of every part. */
const interleave = (parts: readonly Matrix[]): Matrix => {
  const { rows, columns } = parts[0];
  const data = new Float32Array(rows * columns * parts.length);
  parts.forEach((part, p) => {
    for (let i = 0; i < rows; i++) {
      data.set(part.data.subarray(i * columns, (i + 1) * columns), (i * parts.length + p) * columns);
    }
  });
  return matrix(rows * parts.length, columns, data);
};

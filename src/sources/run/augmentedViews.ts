import { type DataSet, makeViews, openStream, permutation, storeOf } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import { float32 } from '../../runtime/index.ts';
import { type Representation, type Representations, representation, rowsOf } from '../representation.ts';
import type { ViewedLayer, ViewSizes } from '../source.ts';
import { type ModelReader, readInputs } from './modelReader.ts';

/** Keeps the views distinct from those of the training epochs. */
const FIRST_ROUND = 0x80000000;

/** Two views of some samples at every layer, in parts: [first view, second view] each. */
type ViewedParts = readonly (readonly [Representations, Representations])[];

/** Augmented views of the test split at every layer; null when the experiment has no augmentation. */
export const readViews = async (
  experiment: Pick<Experiment, 'augmentation' | 'seed'>,
  dataSet: DataSet,
  reader: ModelReader,
  sizes: ViewSizes,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ViewedLayer> | null> => {
  if (experiment.augmentation.length === 0 || dataSet.size === 0) return null;
  const draw = drawer(experiment, dataSet, reader, signal);
  const samples = chooseSamples(dataSet, sizes.pairs, experiment.seed);
  const pairs = await draw(samples, 0);
  const rounds: ViewedParts[] = [];
  for (let round = 1; round <= Math.ceil(sizes.viewsPerObject / 2); round++) {
    rounds.push(await draw(samples.slice(0, sizes.objects), round));
  }
  return new Map(
    reader.layers.map(({ name }) => [
      name,
      {
        first: viewAt(pairs, 0, name),
        second: viewAt(pairs, 1, name),
        objects: interleave(rounds.flatMap((round) => [viewAt(round, 0, name), viewAt(round, 1, name)])),
        viewsPerObject: 2 * rounds.length,
      },
    ]),
  );
};

/** Seeded random samples of the split, in random order, because a test split is often sorted by class. */
const chooseSamples = (dataSet: DataSet, count: number, seed: number): Int32Array =>
  permutation(dataSet.size, openStream(seed, 'viewed samples')).slice(0, count);

/** Makes two views of some samples and reads them, a chunk of the reader at a time; rounds draw different views. */
const drawer = (
  { seed, augmentation }: Pick<Experiment, 'augmentation' | 'seed'>,
  dataSet: DataSet,
  reader: ModelReader,
  signal: AbortSignal | undefined,
) => {
  const plan = { seed, augmentation, store: storeOf(dataSet), views: 2 } as const;
  return async (samples: Int32Array, round: number): Promise<ViewedParts> => {
    const parts: [Representations, Representations][] = [];
    for (let from = 0; from < samples.length; from += reader.chunk) {
      const chunk = samples.slice(from, from + reader.chunk);
      const values = makeViews({ plan, epoch: FIRST_ROUND + round, samples: chunk });
      const both = float32([2 * chunk.length, ...dataSet.shape], values);
      signal?.throwIfAborted();
      const all = await readInputs(reader, both, 'augmented');
      parts.push([halfOf(all, 0), halfOf(all, 1)]);
    }
    return parts;
  };
};

const halfOf = (all: Representations, half: 0 | 1): Representations =>
  new Map([...all].map(([name, r]) => [name, rowsOf(r, (half * r.rows) / 2, ((half + 1) * r.rows) / 2)]));

/** One of the two views at one layer, with all parts joined. */
const viewAt = (parts: ViewedParts, view: 0 | 1, layer: string): Representation => {
  const stacked = parts.map((part) => part[view].get(layer)!);
  const whole = representation(
    stacked.reduce((sum, { rows }) => sum + rows, 0),
    stacked[0].columns,
  );
  let row = 0;
  for (const part of stacked) {
    rowsOf(whole, row, row + part.rows).data.set(part.data);
    row += part.rows;
  }
  return whole;
};

/** Row i of every part, then row i + 1 of every part. */
const interleave = (parts: readonly Representation[]): Representation => {
  const { rows, columns } = parts[0];
  const whole = representation(rows * parts.length, columns);
  for (const [p, part] of parts.entries()) {
    for (let i = 0; i < rows; i++) {
      whole.data.set(rowsOf(part, i, i + 1).data, (i * parts.length + p) * columns);
    }
  }
  return whole;
};

import { encodeSafetensors, type StoredTensor } from '../checkpoint/index.ts';
import type { Factor, LabelledSet } from '../data/index.ts';
import { inputFault, type OnProgress } from '../protocol/index.ts';
import {
  DESCRIPTION_KEY,
  type RecordingDescription,
  type Source,
  type SourceLayer,
  type SourceReader,
  VIEW_SIZES,
  type ViewedLayer,
} from '../sources/index.ts';

export interface RecordOptions {
  /** What the model is called. */
  readonly model: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

interface Recorded {
  readonly bytes: Uint8Array;
  readonly samples: number;
  /** Names. */
  readonly layers: readonly string[];
}

/**
 * Every layer of a source with all of its splits, labels and augmented views, in the layout that recordings have
 * (docs/recordings.md): an inspection of it finds what one of the source does, but for the untrained encoder, theory and tasks
 * with data of their own.
 * @throws Fault (input) for a source of exact moments, which has no samples.
 */
export const recordSource = async (source: Source, options: RecordOptions): Promise<Recorded> => {
  if (source.exact !== null) {
    throw inputFault(
      'there are no samples to record (population data has none)',
      source.name,
      'Choose a run on sampled data',
    );
  }
  const { train, validation, test, shifts } = source.splits;
  const sets = [train, test, ...(validation === null ? [] : [validation]), ...shifts];
  const { input } = source;
  const layers = source.layers.some(({ name }) => name === input.name)
    ? source.layers
    : [input, ...source.layers];
  const tensors = await readLayers(source, layers, sets, options);
  for (const { name } of train.factors) tensors.set(`labels/${name}`, labelsOf(name, sets));
  const split = Int32Array.from(sets.flatMap(({ size }, at) => new Array<number>(size).fill(at)));
  tensors.set('split', { dtype: 'int32', shape: [split.length], data: split });
  const classifier = addClassifier(tensors, source, layers);
  const description: RecordingDescription = {
    version: 1,
    model: options.model,
    seed: source.seed,
    epoch: source.epoch,
    step: source.step,
    layers: Object.fromEntries(
      layers.map(({ name, part, role, pooling }) => [name, { part, role, pooling }]),
    ),
    factors: train.factors.map(({ name }) => name),
    classes: Object.fromEntries(
      train.factors.flatMap(({ name, kind }) =>
        kind === 'categorical' ? [[name, classesOf(name, sets)]] : [],
      ),
    ),
    splits: sets.map(({ name }) => name),
    coordinates: source.factorSource === 'coordinate',
    trainingLabel: source.trainingLabel,
    isRescaled: source.isRescaled,
    ...(classifier === null ? {} : { classifier }),
  };
  return {
    bytes: encodeSafetensors(tensors, { [DESCRIPTION_KEY]: JSON.stringify(description) }),
    samples: split.length,
    layers: layers.map(({ name }) => name),
  };
};

/** The arrays of layers and their views. */
const readLayers = async (
  source: Source,
  layers: readonly SourceLayer[],
  sets: readonly LabelledSet[],
  options: RecordOptions,
): Promise<Map<string, StoredTensor>> => {
  const tensors = new Map<string, StoredTensor>();
  const reader = await source.open(layers);
  try {
    const rows = await readRows(reader, sets, options);
    const views = await reader.views(VIEW_SIZES, options.signal);
    for (const [at, { name, dimensions }] of layers.entries()) {
      const place = `${String(at).padStart(3, '0')}.${name}`;
      const data = rows.get(name)!;
      tensors.set(`layers/${place}`, float32Of([data.length / dimensions, dimensions], data));
      const viewed = views?.get(name);
      if (viewed === undefined) continue;
      tensors.set(`views/${place}`, pairsOf(viewed));
      const { objects, viewsPerObject } = viewed;
      const shape = [objects.rows / viewsPerObject, viewsPerObject, objects.columns];
      tensors.set(`objects/${place}`, float32Of(shape, Float32Array.from(objects.data)));
    }
  } finally {
    await reader.dispose();
  }
  return tensors;
};

/** The classifier of a loss with one, and the name of the layer that it reads. */
const addClassifier = (
  tensors: Map<string, StoredTensor>,
  source: Source,
  layers: readonly SourceLayer[],
): string | null => {
  for (const { name } of layers) {
    const found = source.classifierOf(name);
    if (found === null) continue;
    const { weights, bias } = found;
    const shape = [weights.rows, weights.columns];
    tensors.set('classifier/weight', float32Of(shape, Float32Array.from(weights.data)));
    tensors.set('classifier/bias', float32Of([bias.length], Float32Array.from(bias)));
    return name;
  }
  return null;
};

const float32Of = (shape: readonly number[], data: Float32Array): StoredTensor => ({
  dtype: 'float32',
  shape,
  data,
});

/** The rows of all sets, one after the other, by layer. */
const readRows = async (
  reader: SourceReader,
  sets: readonly LabelledSet[],
  { onProgress, signal }: RecordOptions,
): Promise<Map<string, Float32Array>> => {
  const total = sets.reduce((sum, { size }) => sum + size, 0);
  const rows = new Map<string, Float32Array>();
  let done = 0;
  for (const set of sets) {
    for (let from = 0; from < set.size; from += reader.chunk) {
      signal?.throwIfAborted();
      const to = Math.min(from + reader.chunk, set.size);
      for (const [name, part] of await reader.read(set, from, to)) {
        const whole = rows.get(name) ?? new Float32Array(total * part.columns);
        rows.set(name, whole);
        whole.set(part.data, (done + from) * part.columns);
      }
      onProgress?.({ job: 'embed', done: done + to, total, message: `reading ${set.name}` });
    }
    done += set.size;
  }
  return rows;
};

/** [samples, 2, dimensions]. */
const pairsOf = ({ first, second }: ViewedLayer): StoredTensor => {
  const { rows, columns } = first;
  const data = new Float32Array(2 * rows * columns);
  for (let i = 0; i < rows; i++) {
    for (const [view, part] of [first, second].entries()) {
      data.set(part.data.subarray(i * columns, (i + 1) * columns), (2 * i + view) * columns);
    }
  }
  return float32Of([rows, 2, columns], data);
};

const factorsNamed = (name: string, sets: readonly LabelledSet[]): Factor[] =>
  sets.map(({ factors }) => factors.find((factor) => factor.name === name)!);

/** Those of any set, in the order of the first. */
const classesOf = (name: string, sets: readonly LabelledSet[]): string[] => [
  ...new Set(
    factorsNamed(name, sets).flatMap((factor) => (factor.kind === 'categorical' ? factor.classes : [])),
  ),
];

/** A factor of all sets. */
const labelsOf = (name: string, sets: readonly LabelledSet[]): StoredTensor => {
  const factors = factorsNamed(name, sets);
  if (factors[0].kind === 'continuous') {
    const values = Float64Array.from(factors.flatMap((factor) => Array.from(factor.values)));
    return { dtype: 'float64', shape: [values.length], data: values };
  }
  const numbers = new Map(classesOf(name, sets).map((label, at) => [label, at]));
  const values = Int32Array.from(
    factors.flatMap((factor) =>
      factor.kind === 'categorical'
        ? Array.from(factor.values, (value) => numbers.get(factor.classes[value])!)
        : [],
    ),
  );
  return { dtype: 'int32', shape: [values.length], data: values };
};

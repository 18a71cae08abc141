import { createHash } from 'node:crypto';
import { type Checkpoint, openCheckpoint } from '../../checkpoint/index.ts';
import { type LabelledSet, rowKeys } from '../../data/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { matrixOf } from '../../spectrum/index.ts';
import type { Classifier, Source, SourceLayer, SourceSplits } from '../source.ts';
import { descriptionIn, type RecordingDescription } from './description.ts';
import { type RecordedArrays, type RecordedLayer, recordedArrays } from './recordedArrays.ts';
import { CHUNK, openReader, rowsAt, valuesOf } from './recordedReader.ts';
import { type RecordedSet, recordedSets, type Splitting } from './recordedSets.ts';

/** What is asked of a recording. */
interface RecordingOptions extends Splitting {
  readonly name: string;
  readonly layers: 'all' | readonly string[];
}

/** A source that has to be closed after use. */
interface OpenSource {
  readonly source: Source;
  /** Names of the arrays in `labels/`. */
  readonly labels: readonly string[];
  /** That of the inspection that it was recorded for, if it says so. */
  readonly seed: number | null;
  close(): Promise<void>;
}

/**
 * Activations that were saved in the layout of docs/recordings.md. Only labels are read now.
 * @throws Fault (input) for a file that is none, and for a layer that it does not have.
 */
export const openRecording = async (path: string, options: RecordingOptions): Promise<OpenSource> => {
  const checkpoint = await openCheckpoint(path);
  try {
    const arrays = recordedArrays(checkpoint);
    const description = descriptionIn(checkpoint.metadata, path);
    const splits = await recordedSets(checkpoint, arrays, description, options);
    const all = arrays.layers.map((layer, at) => sourceLayer(layer, at, arrays.layers, description));
    const classifier = await classifierIn(checkpoint);
    const source: Source = {
      name: options.name,
      seed: options.seed,
      epoch: description.epoch ?? 0,
      step: description.step ?? 0,
      hash: () => hashOf(checkpoint, arrays),
      layers: chosenLayers(all, options.layers),
      input: all[0],
      splits,
      factorSource: description.coordinates === true ? 'coordinate' : 'factor',
      trainingLabel: description.trainingLabel ?? null,
      isRescaled: description.isRescaled ?? false,
      exact: null,
      expected: { theory: null },
      classifierOf: (layer) => (layer === description.classifier ? classifier : null),
      repeated: (of, another) => repeatedRows(checkpoint, arrays.layers[0], of, another),
      open: async (layers) => openReader(checkpoint, arrays, layers),
      openUntrained: null,
      isUntrainedCheap: false,
    };
    return {
      source,
      labels: labelsOf(arrays, splits),
      seed: description.seed ?? null,
      close: () => checkpoint.close(),
    };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
};

/** In the order of the factors. */
const labelsOf = ({ factors }: RecordedArrays, { train }: SourceSplits): string[] =>
  train.factors.flatMap(({ name }) => (factors.get(name)?.name.startsWith('labels/') ? [name] : []));

/** Without a description the layers are those of an encoder, whose last one is the one before a projection. */
const sourceLayer = (
  { name, array }: RecordedLayer,
  at: number,
  layers: readonly RecordedLayer[],
  description: RecordingDescription,
): SourceLayer => {
  const own = description.layers?.[name];
  const isInput = at === 0 && name === 'input';
  const guess = {
    part: isInput ? ('input' as const) : ('encoder' as const),
    role: isInput
      ? ('input' as const)
      : at === layers.length - 1
        ? ('pre-projection' as const)
        : ('inner' as const),
    pooling: 'none',
  };
  return { name, dimensions: array.shape[1], ...(own ?? guess) };
};

/** The linear classifier on top, if it was recorded. */
const classifierIn = async (checkpoint: Checkpoint): Promise<Classifier | null> => {
  const entry = checkpoint.tensors.get('classifier/weight');
  if (entry === undefined || entry.shape.length !== 2) return null;
  const [classes, width] = entry.shape;
  const weight = await checkpoint.read('classifier/weight');
  const bias = checkpoint.tensors.has('classifier/bias') ? await checkpoint.read('classifier/bias') : null;
  return {
    weights: matrixOf(classes, width, weight.data),
    bias: Float64Array.from(bias?.data ?? new Float64Array(classes)),
  };
};

const chosenLayers = (all: readonly SourceLayer[], asked: RecordingOptions['layers']): SourceLayer[] => {
  if (asked === 'all') return [...all];
  const known = all.map(({ name }) => name);
  for (const [index, name] of asked.entries()) {
    if (known.includes(name)) continue;
    throw inputFault(
      `the recording has no layer ${shown(name)}`,
      `/layers/${index}`,
      `Choose from ${known.join(', ')}`,
    );
  }
  return all.filter(({ name }) => asked.includes(name));
};

/** Of every array that is read, as it is stored after decoding. */
const hashOf = async (checkpoint: Checkpoint, arrays: RecordedArrays): Promise<string> => {
  const hash = createHash('sha256');
  const read = [
    ...arrays.layers.flatMap(({ array, views, objects }) => [array, views, objects]),
    ...arrays.factors.values(),
    arrays.split,
  ];
  for (const array of read) {
    if (array === null) continue;
    hash.update(`${array.name} ${array.dtype} ${array.shape.join('x')}\n`);
    const width = array.shape.slice(1).reduce((product, extent) => product * extent, 1);
    for (let from = 0; from < array.shape[0]; from += CHUNK) {
      hash.update(
        await valuesOf(checkpoint, array, from * width, Math.min(from + CHUNK, array.shape[0]) * width),
      );
    }
  }
  return hash.digest('hex');
};

/** By the rows of the first layer: the input, or what is nearest to it. */
const repeatedRows = async (
  checkpoint: Checkpoint,
  layer: RecordedLayer,
  of: LabelledSet,
  another: LabelledSet,
): Promise<number> => {
  const keysOf = async (set: LabelledSet): Promise<string[]> => {
    const { rows } = set as RecordedSet;
    const keys: string[] = [];
    for (let from = 0; from < rows.length; from += CHUNK) {
      const part = await rowsAt(checkpoint, layer, rows.subarray(from, from + CHUNK));
      for (const key of rowKeys(part.data as Float32Array, part.columns)) keys.push(key);
    }
    return keys;
  };
  const known = new Set(await keysOf(another));
  return (await keysOf(of)).filter((key) => known.has(key)).length;
};

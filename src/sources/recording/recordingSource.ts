import { createHash } from 'node:crypto';
import { type Checkpoint, openCheckpoint, type TensorEntry } from '../../checkpoint/index.ts';
import { type LabelledSet, rowKeys } from '../../data/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { matrixOf } from '../../spectrum/index.ts';
import { type Representation, type Representations, representation } from '../representation.ts';
import type {
  Classifier,
  Source,
  SourceLayer,
  SourceReader,
  SourceSplits,
  ViewedLayer,
  ViewSizes,
} from '../source.ts';
import { descriptionIn, type RecordingDescription } from './description.ts';
import { type RecordedArrays, type RecordedLayer, recordedArrays } from './recordedArrays.ts';
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

/** Samples to read at a time. */
const CHUNK = 1024;

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

/** Elements `begin` up to `end` of an array. */
const valuesOf = async (
  checkpoint: Checkpoint,
  { name }: TensorEntry,
  begin: number,
  end: number,
): Promise<Float32Array> => {
  const range = checkpoint.ranges?.(name) ?? null;
  if (range === null) return wholeOf(checkpoint, name).then((values) => values.subarray(begin, end));
  const data = await range(begin, end);
  return data instanceof Float32Array ? data : Float32Array.from(data);
};

/** Arrays that cannot be read in parts, while their file is open. */
const wholes = new WeakMap<Checkpoint, Map<string, Promise<Float32Array>>>();

const wholeOf = (checkpoint: Checkpoint, name: string): Promise<Float32Array> => {
  const known = wholes.get(checkpoint) ?? new Map<string, Promise<Float32Array>>();
  wholes.set(checkpoint, known);
  const values = known.get(name) ?? checkpoint.read(name).then(({ data }) => Float32Array.from(data));
  known.set(name, values);
  return values;
};

/** Some rows of a layer, in ascending order. */
const rowsAt = async (
  checkpoint: Checkpoint,
  { array }: RecordedLayer,
  rows: Int32Array,
): Promise<Representation> => {
  const [, columns] = array.shape;
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const block = await valuesOf(checkpoint, array, first * columns, (last + 1) * columns);
  if (last - first === rows.length - 1) return representation(rows.length, columns, block);
  const chosen = representation(rows.length, columns);
  rows.forEach((row, i) => {
    const from = (row - first) * columns;
    chosen.data.set(block.subarray(from, from + columns), i * columns);
  });
  return chosen;
};

const openReader = (
  checkpoint: Checkpoint,
  arrays: RecordedArrays,
  asked: readonly SourceLayer[],
): SourceReader => {
  const layers = asked.map(({ name }) => arrays.layers.find((layer) => layer.name === name)!);
  return {
    chunk: CHUNK,
    read: async (set, from, to) => {
      const read: [string, Representation][] = [];
      for (const layer of layers) {
        const rows = (set as RecordedSet).rows.subarray(from, to);
        const own = await rowsAt(checkpoint, layer, rows);
        checkFinite(checkpoint, layer, own, rows);
        read.push([layer.name, own]);
      }
      return new Map(read) satisfies Representations;
    },
    views: (sizes) => readViews(checkpoint, layers, sizes),
    readInputs: () => Promise.reject(new TypeError('a recording has samples')),
    dispose: async () => {},
  };
};

const checkFinite = (
  { path }: Checkpoint,
  { array }: RecordedLayer,
  { columns, data }: Representation,
  rows: Int32Array,
): void => {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw inputFault(
    `holds ${data[bad]} at sample ${rows[Math.floor(bad / columns)]}`,
    `${path}, array ${shown(array.name)}`,
    'Leave the layer out with "layers", or record it again',
  );
};

/** Null unless every layer has views. */
const readViews = async (
  checkpoint: Checkpoint,
  layers: readonly RecordedLayer[],
  sizes: ViewSizes,
): Promise<ReadonlyMap<string, ViewedLayer> | null> => {
  const viewed = new Map<string, ViewedLayer>();
  for (const { name, views, objects } of layers) {
    if (views === null) return null;
    const pairs = await viewsAt(checkpoint, views, sizes.pairs);
    const own = objects === null ? pairs : await viewsAt(checkpoint, objects, sizes.objects);
    viewed.set(name, {
      first: everyView(pairs, 0),
      second: everyView(pairs, 1),
      objects: own.rows,
      viewsPerObject: own.views,
    });
  }
  return viewed;
};

/** [samples * views, dimensions], the views of one sample in consecutive rows. */
interface Stacked {
  readonly rows: Representation;
  readonly views: number;
}

const viewsAt = async (checkpoint: Checkpoint, array: TensorEntry, most: number): Promise<Stacked> => {
  const [samples, views, columns] = array.shape;
  const rows = Math.min(samples, most) * views;
  const values = await valuesOf(checkpoint, array, 0, rows * columns);
  return { rows: representation(rows, columns, values), views };
};

const everyView = ({ rows, views }: Stacked, view: number): Representation => {
  const samples = rows.rows / views;
  const chosen = representation(samples, rows.columns);
  for (let i = 0; i < samples; i++) {
    const from = (i * views + view) * rows.columns;
    chosen.data.set(rows.data.subarray(from, from + rows.columns), i * rows.columns);
  }
  return chosen;
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

import type { Axis, TokenPooling } from '../../experiment/index.ts';
import { formatCount, inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray } from '../../runtime/index.ts';
import { POOLING_WORDS, type RecordedLayer } from '../recording/recordedLayers.ts';
import type { ModelFile } from './modelFile.ts';
import type { ImagePreparation } from './modelInputs.ts';
import { type Batch, batchOf, filledUp, type Reading, type Runnable, rowReader, runOn } from './modelRuns.ts';
import { type PlacedTensor, placedTensors, pooledRows } from './placedTensors.ts';
import { type RawInput, rawInput } from './rawInput.ts';
import type { TappedLayer } from './tappedLayer.ts';

/** A model, its data, and the tensors in it that are read. */
export interface Tapped extends Runnable {
  readonly file: ModelFile;
  /** Names of tensors, in their order. */
  readonly taps: readonly string[];
  readonly poolings: readonly TokenPooling[];
  /** Wider layers are left out; null: none is. */
  readonly widest: number | null;
}

/** The layers that are read from a model. */
interface ModelLayers {
  /** With the input of the model first, if it can be a layer. */
  readonly layers: readonly RecordedLayer[];
  /** The same by name, as tensors of the graph. */
  readonly tapped: ReadonlyMap<string, TappedLayer>;
  readonly leftOut: readonly LeftOut[];
}

/** A tensor that is no layer, and why. */
export interface LeftOut {
  readonly tensor: string;
  readonly why: string;
}

/** What the layer of the input is called. */
export const INPUT_LAYER = 'input';

/** A tensor and one way to make a vector of it. */
interface Candidate extends PlacedTensor {
  readonly name: string;
  readonly pooling: TokenPooling;
}

/**
 * Runs the model on a few samples to find the axes of each tensor; then layers are read in batches, all from one run of it.
 * @throws Fault (input) if the model cannot take the data, or no tensor has values for each sample.
 */
export const modelLayers = async (tapped: Tapped): Promise<ModelLayers> => {
  const { taps, path, file, inputs, model } = tapped;
  const batch = batchOf(tapped);
  const trials = await tried(tapped, batch);
  const all = placedTensors(file, taps, trials, inputs.mask);
  const placed = all.filter(({ dimensions }) => dimensions <= (tapped.widest ?? dimensions));
  if (placed.length === 0) {
    throw inputFault(
      'has no tensor with values for each sample among those that are read',
      path,
      'Name other tensors in "layers"',
    );
  }
  const candidates = placed.flatMap((own) => candidatesOf(tapped, own));
  const isFree = candidates.every(({ name }) => name !== INPUT_LAYER);
  const raw = isFree ? rawInput(model.inputs, inputs, trials.first.given) : null;
  const readings = [...(raw === null ? [] : [inputReading(raw)]), ...candidates.map(readingOf(path))];
  const read = rowReader(tapped, readings, batch);
  const elementsPerSample = readings.reduce((sum, { dimensions }) => sum + dimensions, 0);
  return {
    tapped: new Map(
      candidates.map((candidate) => {
        const at = readings.findIndex(({ name }) => name === candidate.name);
        const rows = async (end: number) => (await read(0, end))[at];
        return [candidate.name, tappedLayer(tapped, candidate, batch, rows)];
      }),
    ),
    layers: readings.map(({ name, where, dimensions, pooling }, at) => ({
      name,
      where,
      dimensions,
      pooling,
      elementsPerSample,
      rows: async (begin, end) => (await read(begin, end))[at].subarray(0, (end - begin) * dimensions),
      views: null,
      objects: null,
    })),
    leftOut: leftOut(taps, all, placed),
  };
};

const leftOut = (
  taps: readonly string[],
  all: readonly PlacedTensor[],
  placed: readonly PlacedTensor[],
): LeftOut[] => {
  const known = new Map(all.map((own) => [own.tap, own]));
  const read = new Set(placed.map(({ tap }) => tap));
  return taps.flatMap((tensor): LeftOut[] => {
    if (read.has(tensor)) return [];
    const wide = known.get(tensor);
    const why =
      wide === undefined
        ? 'is no layer: it does not have floating-point values for each sample'
        : `is not read unless "layers" names it: it has ${formatCount(wide.dimensions)} dimensions`;
    return [{ tensor, why }];
  });
};

/** The model on a few samples, and on one more. */
const tried = async (tapped: Tapped, { size, isFixed }: Batch) => {
  const { samples } = tapped.inputs;
  const few = isFixed ? size : Math.min(2, samples);
  const first = await runOn(tapped, 0, few, few);
  const more = isFixed || samples <= few ? null : await runOn(tapped, 0, few + 1, few + 1);
  return { samples: few, first, more };
};

const candidatesOf = ({ poolings, file }: Tapped, own: PlacedTensor): Candidate[] => {
  const layer = file.names.get(own.tap) ?? own.tap;
  const ways = own.hasTokens ? poolings : poolings.slice(0, 1);
  return ways.map((pooling) => ({
    ...own,
    pooling,
    name: ways.length > 1 ? `${layer}:${pooling}` : layer,
  }));
};

/** A layer with what it is called. */
interface NamedReading extends Reading {
  readonly name: string;
  /** For faults. */
  readonly where: string;
  readonly pooling: string;
}

const inputReading = ({ port, dimensions, pooling, rows }: RawInput): NamedReading => ({
  name: INPUT_LAYER,
  where: `input ${shown(port)}`,
  dimensions,
  pooling,
  rows: ({ given }) => rows(given[port]),
});

const readingOf =
  (path: string) =>
  (candidate: Candidate): NamedReading => {
    const { name, tap, axes, dimensions, hasTokens, pooling } = candidate;
    return {
      name,
      where: `${path}, tensor ${shown(tap)}`,
      dimensions,
      pooling: hasTokens ? wordsOf(pooling, axes) : 'none',
      rows: (run, [begin]) => pooledRows(path, candidate, pooling, run, begin),
    };
  };

/** A map has positions in place of tokens. */
const wordsOf = (pooling: TokenPooling, axes: readonly Axis[]): string => {
  const words = POOLING_WORDS[pooling];
  return axes.filter((axis) => axis === 'token').length > 1 ? words.replace('token', 'position') : words;
};

/** Samples that a cut model is compared on, unless the model takes a fixed number. */
const FIRST = 8;

/** @param rows of the first samples. */
const tappedLayer = (
  { path, file, model, inputs }: Tapped,
  { name, tap, type, axes, dimensions, hasTokens, mask, pooling }: Candidate,
  { size, isFixed }: Batch,
  rows: (end: number) => Promise<Float32Array>,
): TappedLayer => ({
  name,
  path,
  bytes: file.bytes,
  tensor: tap,
  type,
  axes,
  pooling: hasTokens ? pooling : null,
  dimensions,
  ports: model.inputs,
  mask,
  images: inputs.images,
  firstSamples: async () => {
    const full = isFixed ? size : Math.min(inputs.atOnce ?? FIRST, inputs.samples);
    const samples = Math.min(full, inputs.samples);
    const given = await (inputs.images === null
      ? inputs.batch(0, samples)
      : decodedBatch(inputs.images, samples));
    return {
      given: Object.fromEntries(
        Object.entries(given).map(([input, array]) => [input, filledUp(array, full)]),
      ),
      rows: (await rows(samples)).subarray(0, samples * dimensions),
    };
  },
});

const decodedBatch = async (
  { port, preprocessing, decoded }: ImagePreparation,
  samples: number,
): Promise<Record<string, ModelArray>> => {
  const shape = [samples, ...preprocessing.crop, preprocessing.mean.length];
  return { [port.name]: { type: 'uint8', shape, data: await decoded(0, samples) } };
};

import type { GraphStructure } from '../../checkpoint/index.ts';
import type { Axis, TokenPooling } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray, OnnxModel } from '../../runtime/index.ts';
import { POOLING_WORDS, type RecordedLayer } from '../recording/recordedLayers.ts';
import { axisPlan, pooledTokens } from '../recording/tokenPooling.ts';
import { floatsOf } from './arrayInputs.ts';
import type { ImagePreparation, ModelInputs } from './modelInputs.ts';
import { tapAxes } from './tapAxes.ts';
import type { TappedLayer } from './tappedLayer.ts';
import { isConvolved } from './taps.ts';

/** Samples that a model with any number of them is given at a time. */
const USUAL_BATCH = 32;
/** Bytes of pooled rows that are kept, so that the model runs once. */
const MOST_KEPT = 2 ** 30;

/** A model, its data, and the tensors in it that are read. */
export interface Tapped {
  readonly path: string;
  readonly model: OnnxModel;
  readonly graph: GraphStructure;
  readonly inputs: ModelInputs;
  /** Names of tensors, in their order. */
  readonly taps: readonly string[];
  /** What the layer of a tensor is called. */
  readonly names: ReadonlyMap<string, string>;
  readonly poolings: readonly TokenPooling[];
}

/** A tapped tensor whose axes are known. */
interface Placed {
  readonly tap: string;
  /** Of its elements. */
  readonly type: string;
  readonly axes: readonly Axis[];
  readonly dimensions: number;
  readonly hasTokens: boolean;
  /** Whether the mask of the model is about its tokens. */
  readonly isMasked: boolean;
}

/** The layers that are read from a model. */
interface ModelLayers {
  readonly layers: readonly RecordedLayer[];
  /** The same by name, as tensors of the graph. */
  readonly tapped: ReadonlyMap<string, TappedLayer>;
  /** Tensors that are no layers: they do not have floating-point values for each sample. */
  readonly leftOut: readonly string[];
}

/**
 * Runs the model on a few samples to find the axes of each tensor; then layers are read in batches, all from one run of it.
 * @throws Fault (input) if the model cannot take the data, or no tensor has values for each sample.
 */
export const modelLayers = async (tapped: Tapped): Promise<ModelLayers> => {
  const { taps, poolings, path, names } = tapped;
  const batch = batchOf(tapped);
  const placed = await place(tapped, batch);
  if (placed.length === 0) {
    throw inputFault(
      'has no tensor with values for each sample among those that are read',
      path,
      'Name other tensors in "layers"',
    );
  }
  const candidates = placed.flatMap((own) =>
    (own.hasTokens ? poolings : poolings.slice(0, 1)).map((pooling) => ({
      ...own,
      pooling,
      name: `${names.get(own.tap) ?? own.tap}${own.hasTokens && poolings.length > 1 ? `:${pooling}` : ''}`,
    })),
  );
  const read = reader(tapped, candidates, batch);
  const perSample = candidates.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const known = new Set(placed.map(({ tap }) => tap));
  return {
    tapped: new Map(
      candidates.map((candidate, at) => [
        candidate.name,
        tappedLayer(tapped, candidate, batch, async (begin, end) => (await read(begin, end))[at]),
      ]),
    ),
    layers: candidates.map(({ name, tap, axes, dimensions, hasTokens, pooling }, at) => ({
      name,
      where: `${path}, tensor ${shown(tap)}`,
      dimensions,
      pooling: hasTokens ? wordsOf(pooling, axes) : 'none',
      elementsPerSample: perSample,
      rows: async (begin, end) => (await read(begin, end))[at].subarray(0, (end - begin) * dimensions),
      views: null,
      objects: null,
    })),
    leftOut: taps.filter((tap) => !known.has(tap)),
  };
};

/** Samples that a cut model is compared on, unless the model takes a fixed number. */
const FIRST = 8;

const tappedLayer = (
  { path, model, inputs }: Tapped,
  { name, tap, type, axes, dimensions, hasTokens, isMasked, pooling }: Candidate & { readonly name: string },
  { size, isFixed }: Batch,
  rows: (begin: number, end: number) => Promise<Float32Array>,
): TappedLayer => ({
  name,
  path,
  tensor: tap,
  type,
  axes,
  pooling: hasTokens ? pooling : null,
  dimensions,
  ports: model.inputs,
  mask: isMasked ? inputs.mask : null,
  images: inputs.images,
  firstSamples: async () => {
    const full = isFixed ? size : Math.min(FIRST, inputs.samples);
    const samples = Math.min(full, inputs.samples);
    const given = await (inputs.images === null
      ? inputs.batch(0, samples)
      : decodedBatch(inputs.images, samples));
    return {
      given: Object.fromEntries(
        Object.entries(given).map(([input, array]) => [input, filledUp(array, full)]),
      ),
      rows: (await rows(0, samples)).subarray(0, samples * dimensions),
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

/** A map has positions in place of tokens. */
const wordsOf = (pooling: TokenPooling, axes: readonly Axis[]): string => {
  const words = POOLING_WORDS[pooling];
  return axes.filter((axis) => axis === 'token').length > 1 ? words.replace('token', 'position') : words;
};

/** How many samples the model takes at a time, and whether it takes any number. */
interface Batch {
  readonly size: number;
  readonly isFixed: boolean;
}

const batchOf = ({ model, inputs, path }: Tapped): Batch => {
  const fixed = new Set(
    model.inputs.map(({ shape }) => shape[0]).filter((extent) => extent !== null && extent !== undefined),
  );
  if (fixed.size === 0) return { size: Math.min(USUAL_BATCH, inputs.samples), isFixed: false };
  if (fixed.size === 1) return { size: [...fixed][0]!, isFixed: true };
  throw inputFault(
    `takes ${[...fixed].join(' and ')} samples at different inputs`,
    path,
    'Export it with the first axis of every input dynamic',
  );
};

/** Finds the axes of every tapped tensor from a run, or two with one sample more. */
const place = async (tapped: Tapped, { size, isFixed }: Batch): Promise<Placed[]> => {
  const { inputs, taps, graph } = tapped;
  const few = isFixed ? size : Math.min(2, inputs.samples);
  const first = await runOn(tapped, 0, few, few);
  const second = isFixed || inputs.samples <= few ? null : await runOn(tapped, 0, few + 1, few + 1);
  return taps.flatMap((tap): Placed[] => {
    const { shape, type } = first[tap];
    if (!type.startsWith('float')) return [];
    const axes = tapAxes(shape, second?.[tap].shape ?? null, few, isConvolved(graph, tap));
    if (axes === null) return [];
    const dimensions = shape[axes.indexOf('dimension')];
    const hasTokens = axes.includes('token');
    const isMasked = hasTokens && masksTokens(first[MASK], shape, axes);
    return [{ tap, type, axes, dimensions, hasTokens, isMasked }];
  });
};

/** Whether a mask, [samples, tokens], has a value for each token of a tensor. */
const masksTokens = (
  mask: ModelArray | undefined,
  shape: readonly number[],
  axes: readonly Axis[],
): boolean => mask?.shape.length === 2 && mask.shape[1] === axisPlan(shape, axes).tokens.length;

/** Runs the model on samples; a fixed number of them is filled up with the last one. */
const runOn = async (
  { model, inputs }: Tapped,
  begin: number,
  end: number,
  size: number,
): Promise<Record<string, ModelArray>> => {
  const batch = await inputs.batch(begin, Math.min(end, inputs.samples));
  const full = Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [name, filledUp(array, size)]),
  );
  const results = await model.run(full);
  return { ...results, ...(inputs.mask === null ? {} : { [MASK]: full[inputs.mask] }) };
};

/** No tensor of a model has this name. */
const MASK = '\0mask';

const filledUp = ({ type, shape: [samples, ...rest], data }: ModelArray, size: number): ModelArray => {
  if (samples >= size) return { type, shape: [samples, ...rest], data };
  const width = data.length / samples;
  const full = new (data.constructor as Float32ArrayConstructor)(size * width);
  full.set(data as Float32Array);
  for (let at = samples; at < size; at++) full.copyWithin(at * width, (samples - 1) * width, samples * width);
  return { type, shape: [size, ...rest], data: full };
};

type Candidate = Placed & { readonly pooling: TokenPooling };

/** Reads the rows of all layers for a range of samples. */
type ReadAll = (begin: number, end: number) => Promise<Float32Array[]>;

/** Keeps what was read if there is room, so that the model runs once; else what was read last. */
const reader = (tapped: Tapped, candidates: readonly Candidate[], { size, isFixed }: Batch): ReadAll => {
  const { samples } = tapped.inputs;
  const widths = candidates.map(({ dimensions }) => dimensions);
  const bytes = 4 * samples * widths.reduce((sum, width) => sum + width, 0);
  let last: { begin: number; end: number; rows: Promise<Float32Array[]> } | null = null;
  const compute = async (begin: number, end: number): Promise<Float32Array[]> => {
    const rows = widths.map((width) => new Float32Array((end - begin) * width));
    for (let from = begin; from < end; from += size) {
      const to = Math.min(from + size, end);
      const results = await runOn(tapped, from, to, isFixed ? size : to - from);
      for (const [at, candidate] of candidates.entries()) {
        rows[at].set(pooledRows(tapped, candidate, results, [from, to]), (from - begin) * widths[at]);
      }
    }
    return rows;
  };
  if (bytes > MOST_KEPT) {
    return (begin, end) => {
      if (last?.begin !== begin || last.end !== end) last = { begin, end, rows: compute(begin, end) };
      return last.rows;
    };
  }
  const kept = widths.map((width) => new Float32Array(samples * width));
  const done = new Uint8Array(Math.ceil(samples / size));
  return async (begin, end) => {
    for (let block = Math.floor(begin / size); block * size < end; block++) {
      if (done[block] === 1) continue;
      const from = block * size;
      const rows = await compute(from, Math.min(from + size, samples));
      for (const [at, own] of rows.entries()) kept[at].set(own, from * widths[at]);
      done[block] = 1;
    }
    return kept.map((rows, at) => rows.subarray(begin * widths[at], end * widths[at]));
  };
};

const pooledRows = (
  { path }: Tapped,
  { tap, axes, pooling, dimensions, isMasked }: Candidate,
  results: Readonly<Record<string, ModelArray>>,
  [begin, end]: readonly [begin: number, end: number],
): Float32Array => {
  const { shape } = results[tap];
  const values = floatsOf(results[tap]);
  const plan = axisPlan(shape, axes);
  const mask = isMasked ? floatsOf(results[MASK]) : null;
  const rows = pooledTokens({ values, plan, begin: 0, samples: plan.sample.extent, mask }, pooling);
  if (typeof rows !== 'number') return rows.subarray(0, (end - begin) * dimensions);
  throw inputFault(
    `has no token at sample ${begin + rows} that is not padding`,
    `${path}, tensor ${shown(tap)}`,
    'Leave the sample out',
  );
};

import type { Axis, TokenPooling } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';
import type { RecordedArray } from './recordedArray.ts';
import { type AxisPlan, axisPlan, type Pooled, pooledTokens } from './tokenPooling.ts';

/** One or more layers for the same samples, wherever they are stored. */
export interface Stack {
  readonly samples: number;
  /** Extent of its axis of layers; 1 without one. */
  readonly layers: number;
  readonly dimensions: number;
  /** Elements that are read for one sample. */
  readonly elementsPerSample: number;
  /** Whether there are tokens to pool. */
  readonly hasTokens: boolean;
  /** Rows `begin` up to `end` of one of its layers. */
  rows(layer: number, pooling: TokenPooling, begin: number, end: number): Promise<Float32Array>;
}

/** Tokens that count, for samples `begin` up to `end`: [samples, tokens]. */
export type ReadMask = (begin: number, end: number) => Promise<Float32Array>;

/** An array with an axis of samples. */
export const arrayStack = (array: RecordedArray, axes: readonly Axis[], mask: ReadMask | null): Stack => {
  const { shape, where } = array;
  const plan = axisPlan(shape, axes);
  const { sample, layer, dimension, tokens } = plan;
  const block = lastBlock(array);
  const rows: Stack['rows'] = async (at, pooling, begin, end) => {
    const { values, first } = await blockOf(block, plan, axes, [at, begin, end]);
    const samples = end - begin;
    if (isRows(plan)) return values.slice(first, first + samples * dimension.extent);
    const own = mask === null ? null : await mask(begin, end);
    return pooled({ values, plan, begin: first, samples, mask: own }, pooling, (i) => [where, begin + i]);
  };
  return {
    samples: sample.extent,
    layers: layer.extent,
    dimensions: dimension.extent,
    elementsPerSample: shape.reduce((product, extent) => product * extent, 1) / sample.extent,
    hasTokens: tokens.length > 1 || axes.includes('token'),
    rows,
  };
};

/** Whether the values of a layer are rows already, one after the other. */
const isRows = ({ sample, dimension, tokens }: AxisPlan): boolean =>
  tokens.length === 1 && dimension.stride === 1 && sample.stride === dimension.extent;

type ReadBlock = (begin: number, end: number) => Promise<Float32Array>;

/** Reads a part of an array, and remembers the last one: every layer in it is asked for in turn. */
const lastBlock = (array: RecordedArray): ReadBlock => {
  let known: { begin: number; end: number; values: Promise<Float32Array> } | null = null;
  return (begin, end) => {
    if (known?.begin !== begin || known.end !== end) known = { begin, end, values: array.values(begin, end) };
    return known.values;
  };
};

/** The part of an array with the asked samples, and where the layer of the first of them begins in it. */
const blockOf = async (
  read: ReadBlock,
  { sample, layer, dimension, tokens }: AxisPlan,
  axes: readonly Axis[],
  [at, begin, end]: readonly [layer: number, begin: number, end: number],
): Promise<{ values: Float32Array; first: number }> => {
  if (axes[0] === 'sample') {
    const values = await read(begin * sample.stride, end * sample.stride);
    return { values, first: at * layer.stride };
  }
  if (axes[0] === 'layer' && axes[1] === 'sample') {
    const start = at * layer.stride;
    return { values: await read(start + begin * sample.stride, start + end * sample.stride), first: 0 };
  }
  const all = sample.extent * layer.extent * dimension.extent * tokens.length;
  return { values: await read(0, all), first: at * layer.stride + begin * sample.stride };
};

const pooled = (
  from: Pooled,
  pooling: TokenPooling,
  placeOf: (sample: number) => readonly [where: string, sample: number],
): Float32Array => {
  const { mask, plan, samples } = from;
  if (mask !== null && mask.length !== samples * plan.tokens.length) {
    throw inputFault(
      `has ${plan.tokens.length} tokens beside ${mask.length / samples} in the mask`,
      placeOf(0)[0],
      'Record the mask of the same tokens, or correct "mask" of the layout',
    );
  }
  const rows = pooledTokens(from, pooling);
  if (typeof rows !== 'number') return rows;
  const [where, sample] = placeOf(rows);
  throw inputFault(
    `has no token at sample ${sample} that is not padding`,
    where,
    'Leave the sample out, or correct "mask" or "lengths" of the layout',
  );
};

/** The array of one sample, and which of its tokens count. */
export interface SampleArray {
  readonly array: RecordedArray;
  readonly mask: Float32Array | null;
}

/**
 * Samples with an array each, which may have any number of tokens. All have as many layers and dimensions as the first.
 */
export const sampleStack = (
  samples: number,
  first: RecordedArray,
  axes: readonly Axis[],
  open: (sample: number) => Promise<SampleArray>,
): Stack => {
  const { layer, dimension } = axisPlan(first.shape, axes);
  let known: { begin: number; end: number; read: Promise<Pooled[]> } | null = null;
  const blockOfSamples = (begin: number, end: number): Promise<Pooled[]> => {
    if (known?.begin !== begin || known.end !== end) known = { begin, end, read: readSamples(begin, end) };
    return known.read;
  };
  const readSamples = async (begin: number, end: number): Promise<Pooled[]> => {
    const read: Pooled[] = [];
    for (let i = begin; i < end; i++) {
      const { array, mask } = await open(i);
      checkAxes(array, first, axes);
      const size = array.shape.reduce((product, extent) => product * extent, 1);
      const values = await array.values(0, size);
      read.push({ values, plan: axisPlan(array.shape, axes), begin: 0, samples: 1, mask });
    }
    return read;
  };
  return {
    samples,
    layers: layer.extent,
    dimensions: dimension.extent,
    elementsPerSample: first.shape.reduce((product, extent) => product * extent, 1),
    hasTokens: axes.includes('token'),
    rows: async (at, pooling, begin, end) => {
      const rows = new Float32Array((end - begin) * dimension.extent);
      for (const [i, own] of (await blockOfSamples(begin, end)).entries()) {
        const row = pooled({ ...own, begin: at * own.plan.layer.stride }, pooling, () => [
          first.where,
          begin + i,
        ]);
        rows.set(row, i * dimension.extent);
      }
      return rows;
    },
  };
};

/** The axes of a sample's array: as many as the first has, and as long but for tokens. */
const checkAxes = ({ shape, where }: RecordedArray, first: RecordedArray, axes: readonly Axis[]): void => {
  const fits =
    shape.length === first.shape.length &&
    axes.every((axis, at) => axis === 'token' || shape[at] === first.shape[at]);
  if (fits) return;
  throw inputFault(
    `has the shape [${shape.join(', ')}] beside [${first.shape.join(', ')}] of the first sample`,
    where,
    'Record the same layers for every sample, or correct "axes" of the layout',
  );
};

/**
 * Samples whose tokens are one after the other in one array, tokens x dimensions.
 * @param lengths the tokens of each sample; their sum is the first extent of the array.
 */
export const framesStack = (array: RecordedArray, lengths: Int32Array): Stack => {
  const [, dimensions] = array.shape;
  const starts = new Float64Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) starts[i + 1] = starts[i] + length;
  return {
    samples: lengths.length,
    layers: 1,
    dimensions,
    elementsPerSample: Math.ceil((array.shape[0] / lengths.length) * dimensions),
    hasTokens: true,
    rows: async (_, pooling, begin, end) => {
      const values = await array.values(starts[begin] * dimensions, starts[end] * dimensions);
      const rows = new Float32Array((end - begin) * dimensions);
      for (let i = begin; i < end; i++) {
        const plan = axisPlan([lengths[i], dimensions], ['token', 'dimension']);
        const from = {
          values,
          plan,
          begin: (starts[i] - starts[begin]) * dimensions,
          samples: 1,
          mask: null,
        };
        rows.set(
          pooled(from, pooling, () => [array.where, i]),
          (i - begin) * dimensions,
        );
      }
      return rows;
    },
  };
};

/** Stacks of the same layers, one after the other along their samples. */
export const chunkedStack = (chunks: readonly Stack[]): Stack => {
  if (chunks.length === 1) return chunks[0];
  const starts = new Float64Array(chunks.length + 1);
  for (const [i, { samples }] of chunks.entries()) starts[i + 1] = starts[i] + samples;
  const [{ layers, dimensions, elementsPerSample, hasTokens }] = chunks;
  return {
    samples: starts[chunks.length],
    layers,
    dimensions,
    elementsPerSample,
    hasTokens,
    rows: async (layer, pooling, begin, end) => {
      const rows = new Float32Array((end - begin) * dimensions);
      for (const [i, chunk] of chunks.entries()) {
        const from = Math.max(begin, starts[i]);
        const to = Math.min(end, starts[i + 1]);
        if (from >= to) continue;
        const part = await chunk.rows(layer, pooling, from - starts[i], to - starts[i]);
        rows.set(part, (from - begin) * dimensions);
      }
      return rows;
    },
  };
};

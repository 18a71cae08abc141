import type { Axis, TokenPooling } from '../../experiment/index.ts';

/** How far apart the elements along an axis are, and how many there are; 1 for an axis that the array lacks. */
interface Stride {
  readonly extent: number;
  readonly stride: number;
}

/** Where the elements of an array are, by the meaning of its axes. */
export interface AxisPlan {
  readonly sample: Stride;
  readonly layer: Stride;
  readonly dimension: Stride;
  /** Offset of each token, in the order of its axes. */
  readonly tokens: Int32Array;
}

/** The plan of an array of this shape, with one axis of each kind but tokens, which may have several. */
export const axisPlan = (shape: readonly number[], axes: readonly Axis[]): AxisPlan => {
  const strides = new Array<number>(shape.length).fill(1);
  for (let at = shape.length - 2; at >= 0; at--) strides[at] = strides[at + 1] * shape[at + 1];
  const along = (axis: Axis): Stride => {
    const at = axes.indexOf(axis);
    return at < 0 ? { extent: 1, stride: 0 } : { extent: shape[at], stride: strides[at] };
  };
  let tokens = [0];
  for (const [at, axis] of axes.entries()) {
    if (axis !== 'token') continue;
    tokens = tokens.flatMap((offset) =>
      Array.from({ length: shape[at] }, (_, index) => offset + index * strides[at]),
    );
  }
  return {
    sample: along('sample'),
    layer: along('layer'),
    dimension: along('dimension'),
    tokens: Int32Array.from(tokens),
  };
};

/** What is pooled: elements of an array, from a sample on. */
export interface Pooled {
  readonly values: Float32Array;
  readonly plan: AxisPlan;
  /** Element of `values` at which the layer of the first sample begins. */
  readonly begin: number;
  readonly samples: number;
  /** [samples, tokens], 0 for padding; null if there is none. */
  readonly mask: Float32Array | null;
}

/**
 * One vector for each sample, [samples, dimensions]: the mean of its tokens (summed in float64), the first one, the last one or the
 * largest value of each dimension, without padding. Returns the sample that has no token in place of a matrix, if there is one.
 */
export const pooledTokens = (from: Pooled, pooling: TokenPooling): Float32Array | number => {
  const { values, plan, begin, samples, mask } = from;
  const { sample, dimension, tokens } = plan;
  const width = dimension.extent;
  const rows = new Float32Array(samples * width);
  const sums = new Float64Array(width);
  for (let i = 0; i < samples; i++) {
    const kept = keptTokens(tokens, mask, i, pooling);
    if (kept.length === 0) return i;
    const start = begin + i * sample.stride;
    sums.fill(pooling === 'max' ? Number.NEGATIVE_INFINITY : 0);
    for (const token of kept) {
      for (let d = 0, at = start + token; d < width; d++, at += dimension.stride) {
        if (pooling !== 'max') sums[d] += values[at];
        // A value that is no number stays, to be found.
        else if (!(values[at] <= sums[d])) sums[d] = values[at];
      }
    }
    const count = pooling === 'mean' ? kept.length : 1;
    for (let d = 0; d < width; d++) rows[i * width + d] = sums[d] / count;
  }
  return rows;
};

/** The offsets of the tokens that count. */
const keptTokens = (
  tokens: Int32Array,
  mask: Float32Array | null,
  sample: number,
  pooling: TokenPooling,
): Int32Array => {
  const kept =
    mask === null ? tokens : tokens.filter((_, token) => mask[sample * tokens.length + token] !== 0);
  if (pooling === 'first') return kept.subarray(0, 1);
  return pooling === 'last' ? kept.subarray(-1) : kept;
};

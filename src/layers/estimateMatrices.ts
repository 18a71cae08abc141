import {
  formatBound,
  isOfShuffled,
  type LayerSpectrum,
  WEIGHT_MEASURE_KEYS,
  type WeightLayer,
} from '../protocol/index.ts';
import {
  estimatedMeasures,
  type LinearOperator,
  lanczosQuadrature,
  largestSingularValues,
  measured,
  operatorOfValues,
  type SpectralDistribution,
  unmeasured,
  type WeightMeasures,
} from '../spectrum/index.ts';
import type { Matrices } from './view.ts';

/** Number of singular values that an estimate gives individually. */
const LARGEST = 10;
/** Products with each vector of a block for these values; for the distribution, steps with each of two vectors. */
const DEPTH = 8;
const VECTORS = 2;
const STEPS = 60;

/** Vectors of a block beyond the values wanted, as in `largestSingularValues`. */
const SPARE = 4;

/** Bytes that an estimate takes besides the values: the vectors of the larger of its two bases, with their products. */
export const estimateBytes = ({ matrix, slices }: WeightLayer): number => {
  const [larger, smaller] = [Math.max(...matrix), Math.min(...matrix)];
  const vectors = Math.min((LARGEST + SPARE) * DEPTH, slices * smaller);
  return 8 * slices * vectors * (larger + 2 * smaller);
};

/** A block-diagonal matrix of the slices, whose singular values are those of all slices. */
const diagonalOperator = (matrices: Matrices): LinearOperator => {
  const { rows, columns } = matrices.size;
  const blocks = Array.from(matrices.values(), (values) => operatorOfValues(values, rows, columns));
  if (blocks.length === 1) return blocks[0];
  const applied = (
    x: Float64Array,
    from: number,
    to: number,
    apply: (block: LinearOperator, part: Float64Array) => Float64Array,
  ): Float64Array => {
    const result = new Float64Array(blocks.length * to);
    for (const [i, block] of blocks.entries()) {
      result.set(apply(block, x.subarray(i * from, (i + 1) * from)), i * to);
    }
    return result;
  };
  return {
    rows: rows * blocks.length,
    columns: columns * blocks.length,
    multiply: (x) => applied(x, columns, rows, (block, part) => block.multiply(part)),
    multiplyTransposed: (y) => applied(y, rows, columns, (block, part) => block.multiplyTransposed(part)),
  };
};

/** Number of squares that are summed before their sum is added to the total, which keeps rounding small. */
const CHUNK = 4096;

const squaresOf = (values: Float32Array | Float64Array): number => {
  let total = 0;
  for (let from = 0; from < values.length; from += CHUNK) {
    const to = Math.min(values.length, from + CHUNK);
    let sum = 0;
    for (let k = from; k < to; k++) sum += values[k] * values[k];
    total += sum;
  }
  return total;
};

/** Points (sigma, share of the values at or below it). */
const cumulative = ({ nodes, weights }: SpectralDistribution): [number, number][] => {
  let share = 0;
  return Array.from(nodes, (node, k) => {
    share += weights[k];
    return [Math.sqrt(node), Math.min(1, share)];
  });
};

const measuresOf = (
  distribution: SpectralDistribution,
  norm: number,
  largest: number,
  error: number,
): WeightMeasures => {
  const none = unmeasured('needs every singular value: ask for the exact spectrum');
  const estimated: WeightMeasures = {
    spectralNorm: measured(largest, `estimate; within ${formatBound(error)}`),
    frobeniusNorm: measured(Math.sqrt(norm)),
    ...estimatedMeasures(distribution, norm),
  };
  const others = WEIGHT_MEASURE_KEYS.filter((key) => !(key in estimated) && !isOfShuffled(key));
  return { ...estimated, ...Object.fromEntries(others.map((key) => [key, none])) };
};

/**
 * An estimate of the spectrum of matrices of one size from products with vectors: the largest values with their bounds,
 * the distribution of all with its bound, and the measures that follow from them. Entries must be finite.
 */
export const estimateMatrices = (
  matrices: Matrices,
  seed: number,
): Omit<LayerSpectrum, 'layer' | 'statistics' | 'entries'> => {
  const operator = diagonalOperator(matrices);
  let norm = 0;
  for (const values of matrices.values()) norm += squaresOf(values);
  const { values, errorBounds } = largestSingularValues(operator, LARGEST, norm, { depth: DEPTH, seed });
  const distribution = lanczosQuadrature(operator, { steps: STEPS, vectors: VECTORS, seed });
  return {
    method: 'estimate',
    singularValues: [...values],
    error: { values: [...errorBounds], distribution: distribution.kolmogorov },
    distribution: cumulative(distribution),
    shuffled: null,
    metrics: measuresOf(distribution, norm, values[0], errorBounds[0]),
  };
};

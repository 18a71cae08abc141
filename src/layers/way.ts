import { type Checkpoint, elementCount } from '../checkpoint/index.ts';
import type { LayerSpectrum, WeightLayer } from '../protocol/index.ts';
import { gramSumBytes, squareBytes } from '../spectrum/index.ts';
import { estimateBytes } from './estimateMatrices.ts';
import type { PlannedLayer } from './plan.ts';
import { isReadInPieces, PIECE_VALUES } from './readValues.ts';
import { type RowBlocks, rowBlocksOf } from './rowBlocks.ts';
import { isRowMajor } from './view.ts';

export type Method = LayerSpectrum['method'];

/** How a layer is measured, and the peak memory that this takes. */
export interface Way {
  readonly method: Method;
  /** Set if the layer is never in memory as a whole. */
  readonly blocks: RowBlocks | null;
  readonly bytes: number;
}

/**
 * Floating-point operations up to which every singular value is computed without a request: some 5 s on one
 * core at the 6 to 7 GFlop/s of the kernel, and as much again for the shuffled copy.
 */
const EXACT_OPERATIONS = 3e10;
/** If the smaller side is below this, an estimate takes as long as the exact values. */
const SMALLEST_ESTIMATED = 1024;
/**
 * The vectors of an estimate are as long as all slices together; beyond this, processing small slices one by
 * one is cheaper.
 */
const LONG_VECTORS = 2 ** 16;
/** Matrices whose sides differ by at least this factor are summed by blocks of rows, */
const TALL = 2;
/** if there are more values than this, or more operations than above. */
const MANY_VALUES = 2 ** 24;

/** Operations per second on one core: products of tiles, reflections, products with a vector from main memory. */
const TILES_SPEED = 2e10;
const REFLECTIONS_SPEED = 6.5e9;
const VECTORS_SPEED = 1.5e9;
/** Products of an estimate with the matrix and with its transpose. */
const ESTIMATE_PRODUCTS = 464;

const sidesOf = ({ matrix: [rows, columns] }: WeightLayer): [larger: number, smaller: number] =>
  rows > columns ? [rows, columns] : [columns, rows];

/** Operations of the bidiagonal reduction of all slices; tall ones use a triangular factor. */
export const operationsOf = (layer: WeightLayer): number => {
  const [larger, smaller] = sidesOf(layer);
  const direct = 4 * larger * smaller ** 2 - (4 / 3) * smaller ** 3;
  const factored = 2 * larger * smaller ** 2 + 2 * smaller ** 3;
  return layer.slices * Math.min(direct, factored);
};

const methodFor = (layer: WeightLayer, asked: Method | 'auto'): Method => {
  const isSmall = sidesOf(layer)[1] < SMALLEST_ESTIMATED;
  if (asked === 'estimate' && isSmall && layer.slices * sidesOf(layer)[0] > LONG_VECTORS) return 'exact';
  if (asked !== 'auto') return asked;
  const large = operationsOf(layer) > EXACT_OPERATIONS && !isSmall;
  return large ? 'estimate' : 'exact';
};

const isTall = (layer: WeightLayer): boolean => {
  const [larger, smaller] = sidesOf(layer);
  if (larger < TALL * smaller) return false;
  return larger * smaller > MANY_VALUES || operationsOf(layer) > EXACT_OPERATIONS;
};

/** Whether all values of the layer and its shuffled copy, by blocks of rows, take no longer than an estimate. */
const beatsEstimate = (layer: WeightLayer): boolean => {
  const [larger, smaller] = sidesOf(layer);
  const sum = (larger * smaller ** 2) / TILES_SPEED + ((8 / 3) * smaller ** 3) / REFLECTIONS_SPEED;
  return 2 * sum < (ESTIMATE_PRODUCTS * 2 * larger * smaller) / VECTORS_SPEED;
};

/** Bytes of a value as read: floats of 64 bits, or fewer. */
const widthOf = (dtype: string): number => (/64|f8$|double/i.test(dtype) ? 8 : 4);

/** Memory of one value of a result: as a number, in a copy for another thread, and as text. */
const RESULT_BYTES = 120;
/**
 * Blocks of rows in memory at a time: as stored, as read, transposed, and for each of two threads one waiting
 * and one in use.
 */
const BLOCKS = 7;

/** Two sums, each of which finally becomes a matrix and its decomposition, or one of them a triangular factor. */
const blocksBytes = ({ columns, blockRows }: RowBlocks): number =>
  BLOCKS * 8 * columns * blockRows + 2 * (gramSumBytes(columns) + 16 * columns ** 2) + squareBytes(columns);

/** The values of the tensor, and its stored form, inflated if it is compressed: all of it, or pieces. */
const readBytes = (checkpoint: Checkpoint, tensor: string): number => {
  const { shape, dtype, bytes, inflated = 0 } = checkpoint.tensors.get(tensor)!;
  const values = (elementCount(shape) ?? 0) * widthOf(dtype);
  if (isReadInPieces(checkpoint, tensor)) return values + 3 * PIECE_VALUES * widthOf(dtype);
  return bytes + inflated + values;
};

/** A slice and its shuffled copy in float64, and the memory of the decomposition of one of them. */
const exactBytes = (layer: WeightLayer): number => {
  const [larger, smaller] = sidesOf(layer);
  return (
    16 * larger * smaller + (3 * larger > 5 * smaller ? squareBytes(smaller) : 0) + 8 * larger * (smaller + 8)
  );
};

/** What an estimate copies in float64: entries that are not row-major. */
const copiedBytes = ({ layer, view }: PlannedLayer): number => (isRowMajor(view) ? 0 : 8 * layer.parameters);

/** How to measure this layer for this request. */
export const wayOf = (checkpoint: Checkpoint, planned: PlannedLayer, asked: Method | 'auto'): Way => {
  const { layer } = planned;
  const method = methodFor(layer, asked);
  const results = RESULT_BYTES * layer.slices * sidesOf(layer)[1];
  const sums = isTall(layer) && (method === 'exact' || beatsEstimate(layer));
  const blocks = sums ? rowBlocksOf(checkpoint, planned) : null;
  if (blocks !== null) return { method: 'exact', blocks, bytes: blocksBytes(blocks) + results };
  const work = method === 'exact' ? exactBytes(layer) : estimateBytes(layer) + copiedBytes(planned);
  return { method, blocks, bytes: readBytes(checkpoint, layer.tensor) + work + results };
};

import { type Matrix, meanOfRows } from '../matrix.ts';
import { addSquare, BLOCK, pack, padded, type Rows, unpadded } from '../wasm/gramKernel.ts';

/**
 * Number, sum and second moment of samples that arrive in chunks, in float64.
 *
 * Samples are taken relative to a fixed origin, the mean of the first chunk, so that later centring loses no precision
 * when the mean is large relative to the spread.
 */
export class Moments {
  readonly dimensions: number;
  #count = 0;
  #origin: Float64Array | undefined;
  readonly #sum: Float64Array;
  readonly #product: Float64Array;
  readonly #packed: Float64Array;

  constructor(dimensions: number) {
    const side = padded(dimensions);
    this.dimensions = dimensions;
    this.#sum = new Float64Array(dimensions);
    this.#product = new Float64Array(side * side);
    this.#packed = new Float64Array(side * BLOCK);
  }

  /** Samples so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds a chunk of samples x dimensions, row-major. */
  add(rows: Rows): void {
    const count = sampleCount(rows, this.dimensions);
    if (count === 0) return;
    this.#origin ??= meanOfRows(rows, this.dimensions);
    for (let from = 0; from < count; from += BLOCK) {
      pack(rows, from, Math.min(from + BLOCK, count), this.#origin, this.#packed);
      addRowSums(this.#packed, this.#sum);
      addSquare(this.#product, this.#packed);
    }
    this.#count += count;
  }

  /** mu = (1/n) sum z. Zeros before the first sample. */
  mean(): Float64Array {
    const origin = this.#origin;
    if (origin === undefined) return new Float64Array(this.dimensions);
    return this.#sum.map((sum, j) => sum / this.#count + origin[j]);
  }

  /** Centred Gram matrix, sum (z - mu)(z - mu)^T: not divided by the number of samples. */
  scatter(): Matrix {
    const result = unpadded(this.#product, this.dimensions, this.dimensions, true);
    const offset = this.#sum;
    addOuter(result, offset, offset, this.#count === 0 ? 0 : -1 / this.#count);
    return result;
  }

  /** Gram matrix Z^T Z = sum z z^T, uncentred: not divided by the number of samples. */
  gram(): Matrix {
    const result = this.scatter();
    const mean = this.mean();
    addOuter(result, mean, mean, this.#count);
    return result;
  }
}

/** Number of samples in a chunk; a RangeError if it is not an integer. */
export function sampleCount(rows: Rows, dimensions: number): number {
  const count = rows.length / dimensions;
  if (!Number.isInteger(count)) {
    throw new RangeError(`${rows.length} values are no whole number of ${dimensions}-dimensional samples`);
  }
  return count;
}

/** sums_j += sum over the block of packed column j. */
function addRowSums(packed: Float64Array, sums: Float64Array): void {
  for (let j = 0; j < sums.length; j++) {
    let sum = 0;
    for (let k = j * BLOCK; k < (j + 1) * BLOCK; k++) sum += packed[k];
    sums[j] += sum;
  }
}

/** A += factor x y^T. */
function addOuter(a: Matrix, x: Float64Array, y: Float64Array, factor: number): void {
  for (let i = 0; i < a.rows; i++) {
    const weight = factor * x[i];
    for (let j = 0; j < a.columns; j++) a.data[i * a.columns + j] += weight * y[j];
  }
}

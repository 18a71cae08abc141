import { type Matrix, matrix, meanOfRows, scaled, symmetrised } from '../matrix.ts';
import { addProduct, addSquare, BLOCK, pack, padded, type Rows, unpadded } from '../wasm/gramKernel.ts';
import { addOuter, addRowSums, sampleCount } from './moments.ts';

export interface ViewMoments {
  readonly pairs: number;
  /** A = E[(x x+^T + x+ x^T) / 2]. */
  readonly positive: Matrix;
  /** B = E[(x x^T + x+ x+^T) / 2]. */
  readonly second: Matrix;
}

/**
 * Positive-pair moment A and second moment B of pairs of views that arrive in chunks, in float64, counting both views
 * equally. Samples are taken relative to the mean of the first chunk, as in `Moments`.
 */
export class PairMoments {
  readonly dimensions: number;
  #count = 0;
  #origin: Float64Array | undefined;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #sum: Float64Array;
  readonly #cross: Float64Array;
  readonly #own: Float64Array;

  constructor(dimensions: number) {
    const side = padded(dimensions);
    this.dimensions = dimensions;
    this.#first = new Float64Array(side * BLOCK);
    this.#second = new Float64Array(side * BLOCK);
    this.#sum = new Float64Array(dimensions);
    this.#cross = new Float64Array(side * side);
    this.#own = new Float64Array(side * side);
  }

  /** Pairs so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds the two views of the same samples, row-major. */
  add(first: Rows, second: Rows): void {
    const count = sampleCount(first, this.dimensions);
    if (second.length !== first.length) throw new RangeError('the two views differ in size');
    if (count === 0) return;
    this.#origin ??= meanOfRows(first, this.dimensions);
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(from + BLOCK, count);
      pack(first, from, to, this.#origin, this.#first);
      pack(second, from, to, this.#origin, this.#second);
      addRowSums(this.#first, this.#sum);
      addRowSums(this.#second, this.#sum);
      addProduct(this.#cross, this.#first, this.#second);
      addSquare(this.#own, this.#first);
      addSquare(this.#own, this.#second);
    }
    this.#count += count;
  }

  /** The moments about zero (the theory's), or about the mean of both views when `centred`. */
  moments(centred = false): ViewMoments {
    const d = this.dimensions;
    const n = this.#count;
    if (n === 0) return { pairs: 0, positive: matrix(d, d), second: matrix(d, d) };
    const origin = this.#origin ?? new Float64Array(d);
    const positive = scaled(symmetrised(unpadded(this.#cross, d, d, false)), 1 / n);
    const second = scaled(unpadded(this.#own, d, d, true), 1 / (2 * n));
    const offset = this.#sum.map((sum) => sum / (2 * n));
    const mean = offset.map((value, j) => value + origin[j]);
    for (const moment of [positive, second]) {
      addOuter(moment, offset, offset, -1);
      if (!centred) addOuter(moment, mean, mean, 1);
    }
    return { pairs: n, positive, second };
  }
}

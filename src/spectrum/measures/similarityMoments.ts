import type { Measure } from '../../protocol/index.ts';
import { dot, type Matrix, matrix, meanOfRows, squaredNorm } from '../matrix.ts';
import { multiply } from '../product.ts';
import { addProduct, addSquare, BLOCK, pack, padded, type Rows, unpadded } from '../wasm/gramKernel.ts';
import { type CkaForm, ckaOfPieces, type DependencePieces } from './cka.ts';
import { addOuter, addRowSums, sampleCount } from './moments.ts';

/** What is kept of one representation. */
interface Layer {
  readonly dimensions: number;
  origin: Float64Array | undefined;
  readonly packed: Float64Array;
  readonly sum: Float64Array;
  /** ||x_i||^2 of the samples of the block, and their total. */
  readonly norms: Float64Array;
  total: number;
  /** sum_i x_i ||y_i||^2 for every other representation y. */
  readonly weighted: Float64Array[];
}

/**
 * Linear CKA between several representations of the same samples that arrive in chunks, in one pass: everything it needs
 * follows from X^T Y, sums and sums of squared norms. Debiased CKA does not change when a constant is added to a
 * representation, so samples are taken relative to the mean of the first chunk, which avoids cancellation.
 * Memory: one d_x x d_y matrix per pair.
 */
export class SimilarityMoments {
  readonly #layers: Layer[];
  /** [l][m], m <= l: X_l^T X_m, padded; and sum_i of the product of squared norms. */
  readonly #products: Float64Array[][];
  readonly #normProducts: number[][];
  #count = 0;

  constructor(dimensions: readonly number[]) {
    this.#layers = dimensions.map((d) => ({
      dimensions: d,
      origin: undefined,
      packed: new Float64Array(padded(d) * BLOCK),
      sum: new Float64Array(d),
      norms: new Float64Array(BLOCK),
      total: 0,
      weighted: dimensions.map(() => new Float64Array(d)),
    }));
    this.#products = dimensions.map((d, l) =>
      dimensions.slice(0, l + 1).map((other) => new Float64Array(padded(d) * padded(other))),
    );
    this.#normProducts = dimensions.map((_, l) => new Array<number>(l + 1).fill(0));
  }

  /** Samples so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds a chunk: the same samples for every representation, row-major. */
  add(chunk: readonly Rows[]): void {
    const counts = this.#layers.map(({ dimensions }, l) => sampleCount(chunk[l], dimensions));
    const count = counts[0] ?? 0;
    if (counts.some((other) => other !== count))
      throw new RangeError(`chunks of ${counts.join(', ')} samples`);
    if (count === 0) return;
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(from + BLOCK, count);
      for (const [l, layer] of this.#layers.entries()) load(layer, chunk[l], from, to);
      for (let l = 0; l < this.#layers.length; l++) this.#addPairs(l);
    }
    this.#count += count;
  }

  #addPairs(l: number): void {
    const x = this.#layers[l];
    for (const [m, y] of this.#layers.entries()) {
      for (let j = 0; j < x.dimensions; j++) {
        x.weighted[m][j] += dot(y.norms, x.packed.subarray(j * BLOCK, (j + 1) * BLOCK));
      }
      if (m > l) continue;
      if (m === l) addSquare(this.#products[l][m], x.packed);
      else addProduct(this.#products[l][m], x.packed, y.packed);
      this.#normProducts[l][m] += dot(x.norms, y.norms);
    }
  }

  /** The pieces of the pair (l, m). */
  pieces(l: number, m: number): DependencePieces {
    if (m > l) return this.pieces(m, l);
    const n = this.#count;
    const x = this.#layers[l];
    const y = this.#layers[m];
    const product = unpadded(this.#products[l][m], x.dimensions, y.dimensions, l === m);
    const norms = this.#normProducts[l][m];
    const hollow = {
      trace: squaredNorm(product) - norms,
      totalX: dot(x.sum, x.sum) - x.total,
      totalY: dot(y.sum, y.sum) - y.total,
      rows: bilinear(x.sum, product, y.sum) - dot(x.sum, x.weighted[m]) - dot(y.sum, y.weighted[l]) + norms,
    };
    addOuter(product, x.sum, y.sum, -1 / n);
    return { samples: n, centredProduct: squaredNorm(product), hollow };
  }

  /** CKA between all representations, in order. */
  cka(form: CkaForm = 'debiased'): Measure[][] {
    const own = this.#layers.map((_, l) => this.pieces(l, l));
    const table: Measure[][] = this.#layers.map(() => []);
    for (let l = 0; l < own.length; l++) {
      for (let m = 0; m <= l; m++) {
        const cell = ckaOfPieces(l === m ? own[l] : this.pieces(l, m), own[l], own[m], form);
        table[l][m] = cell;
        table[m][l] = cell;
      }
    }
    return table;
  }
}

function load(layer: Layer, rows: Rows, from: number, to: number): void {
  layer.origin ??= meanOfRows(rows, layer.dimensions);
  pack(rows, from, to, layer.origin, layer.packed);
  addRowSums(layer.packed, layer.sum);
  layer.norms.fill(0);
  for (let j = 0; j < layer.dimensions; j++) {
    for (let i = 0; i < BLOCK; i++) layer.norms[i] += layer.packed[j * BLOCK + i] ** 2;
  }
  for (let i = 0; i < BLOCK; i++) layer.total += layer.norms[i];
}

/** x^T A y. */
function bilinear(x: Float64Array, a: Matrix, y: Float64Array): number {
  return dot(x, multiply(a, matrix(y.length, 1, y)).data);
}

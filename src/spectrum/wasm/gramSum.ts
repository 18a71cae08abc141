import { type Matrix, matrix } from '../matrix.ts';
import { moduleOf } from './assembler.ts';
import type { Rows } from './gramKernel.ts';
import { multiplyTiles, SQUARE_BYTES, TILE } from './tileCode.ts';

/** The inner loop of the product, on its own memory. All addresses are in bytes. */
interface TileKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /**
   * For every tile y_t from `y` up to `yEnd`, `length` bytes each: sum_t += x^T y_t, where a tile is four columns, row by row,
   * and the 4 x 4 sums are consecutive from `sum`.
   */
  multiplyTiles(sum: number, x: number, y: number, yEnd: number, length: number): void;
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

const PAGE = 65_536;
/** Rows multiplied at a time: a tile of them stays in the first-level cache. */
export const ROWS = 128;
/** Tiles that every other tile is multiplied by while they are in the second-level cache. */
const TOGETHER = 32;
/**
 * Blocks of rows that are summed before their sum is added to the total: rounding grows only with the longest
 * of three sums.
 */
const GROUP = 64;
/** Entries of a product of two tiles. */
const SQUARE = TILE * TILE;

/** Index of the products of tile i among those on and above the diagonal. */
const placeOf = (i: number, tiles: number): number => i * tiles - (i * (i - 1)) / 2;

const tilesOf = (columns: number): number => Math.ceil(columns / TILE);

/** Bytes that a `GramSum` of so many columns takes: the upper triangle of the sum twice, and a block of rows. */
export const gramSumBytes = (columns: number): number => {
  const tiles = tilesOf(columns);
  return 2 * SQUARE_BYTES * placeOf(tiles, tiles) + 8 * TILE * ROWS * tiles;
};

let compiled: object | undefined;

/**
 * A^T A in float64 of a matrix whose rows arrive block by block and are not kept. A run of 128 rows is summed in
 * registers, 64 of these sums in one, and these in the total; so each entry errs by at most (192 + rows / 8192) 1.1e-16
 * times the same entry of |A|^T |A|.
 */
export class GramSum {
  /** Rows seen so far. */
  rows = 0;
  private readonly tiles: number;
  private readonly kernel: TileKernel;
  private readonly sum: Float64Array;
  private readonly packed: Float64Array;
  private readonly total: Float64Array;
  private blocks = 0;

  constructor(readonly columns: number) {
    this.tiles = tilesOf(columns);
    const entries = SQUARE * placeOf(this.tiles, this.tiles);
    compiled ??= new WebAssembly.Module(moduleOf({ multiplyTiles }));
    this.kernel = new WebAssembly.Instance(compiled).exports as TileKernel;
    const { memory } = this.kernel;
    const needed = 8 * (entries + TILE * ROWS * this.tiles);
    memory.grow(Math.max(0, Math.ceil((needed - memory.buffer.byteLength) / PAGE)));
    this.sum = new Float64Array(memory.buffer, 0, entries);
    this.packed = new Float64Array(memory.buffer, 8 * entries, TILE * ROWS * this.tiles);
    this.total = new Float64Array(entries);
  }

  /** Adds rows, row-major; all blocks except the last have a multiple of `ROWS` rows. */
  add(block: Rows): void {
    const rows = block.length / this.columns;
    if (this.rows % ROWS !== 0) throw new RangeError(`rows after a block that was not of ${ROWS}`);
    for (let from = 0; from < rows; from += ROWS) {
      this.pack(block, from, Math.min(rows, from + ROWS));
      this.multiply();
      if (++this.blocks % GROUP === 0) this.flush();
    }
    this.rows += rows;
  }

  /** The sum as a symmetric matrix. */
  gram(): Matrix {
    this.flush();
    const n = this.columns;
    const result = matrix(n, n);
    for (let i = 0; i < n; i++) {
      const tile = Math.floor(i / TILE);
      const start = placeOf(tile, this.tiles) - tile;
      for (let j = i; j < n; j++) {
        const entry = this.total[(start + Math.floor(j / TILE)) * SQUARE + (i % TILE) * TILE + (j % TILE)];
        result.data[i * n + j] = entry;
        result.data[j * n + i] = entry;
      }
    }
    return result;
  }

  /** Bound of ||computed - exact|| of the sum, from its trace, which is at least the norm of |A|^T |A|. */
  errorBound(trace: number): number {
    const additions = ROWS + GROUP + Math.ceil(this.rows / (ROWS * GROUP));
    return (additions * Number.EPSILON * trace) / 2;
  }

  private pack(block: Rows, from: number, to: number): void {
    const { columns, packed } = this;
    if (to - from < ROWS || columns % TILE !== 0) packed.fill(0);
    for (let tile = 0; tile < this.tiles; tile++) {
      const width = Math.min(TILE, columns - tile * TILE);
      for (let row = from; row < to; row++) {
        const source = row * columns + tile * TILE;
        const target = (tile * ROWS + row - from) * TILE;
        for (let j = 0; j < width; j++) packed[target + j] = block[source + j];
      }
    }
  }

  private multiply(): void {
    const { kernel, tiles, packed } = this;
    const length = 8 * TILE * ROWS;
    const at = (tile: number) => packed.byteOffset + tile * length;
    for (let from = 0; from < tiles; from += TOGETHER) {
      const to = Math.min(tiles, from + TOGETHER);
      for (let i = 0; i < to; i++) {
        const j = Math.max(i, from);
        const place = SQUARE_BYTES * (placeOf(i, tiles) - i + j);
        kernel.multiplyTiles(place, at(i), at(j), at(to), length);
      }
    }
  }

  private flush(): void {
    for (let k = 0; k < this.sum.length; k++) this.total[k] += this.sum[k];
    this.sum.fill(0);
  }
}

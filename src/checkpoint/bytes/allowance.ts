import type { Fault } from '../../protocol/index.ts';

const MEBI = 2 ** 20;

/**
 * Estimated memory that one checkpoint may take while it is opened. 200,000 tensors of a safetensors file take some
 * 55 MiB; so do the 140,000 of the largest set in use, which are also in its index. The engine itself takes some 70,
 * and garbage that V8 has not collected up to 40.
 */
const MOST = 68 * MEBI;

/** Memory of an object with a few members, of an entry in a Map or Set, or of an item in an array. */
export const OBJECT_BYTES = 96;
export const MAP_PLACE_BYTES = 48;
export const ARRAY_PLACE_BYTES = 12;

const STRING_BYTES = 16;
const WIDE = /[^\0-\xff]/;

/** Memory of a text, in whole words of 8 bytes: a single character beyond latin-1 doubles it. */
export const textBytes = (text: string): number =>
  STRING_BYTES + 8 * Math.ceil((text.length * (WIDE.test(text) ? 2 : 1)) / 8);

/**
 * Memory for what a file lists. The limits of the formats bound individual counts and lengths; this bounds the total
 * kept of a checkpoint, including all its shards, so that no file can make the process run out of memory.
 */
export class Allowance {
  readonly #most: number;
  #left: number;

  constructor(most = MOST) {
    this.#most = most;
    this.#left = most;
  }

  /** Subtracts `bytes` before they are kept. `refuse` makes the fault if less than that is left. */
  spend(bytes: number, refuse: (what: string) => Fault): void {
    this.#left -= bytes;
    if (this.#left < 0) throw refuse(`lists more than fits into ${this.#most / MEBI} MiB of memory`);
  }
}

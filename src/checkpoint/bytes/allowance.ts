import type { Fault } from '../../protocol/index.ts';

const MEBI = 2 ** 20;

/**
 * What one checkpoint may take in memory while it is opened, by estimate. 200,000 tensors of a safetensors file take some
 * 55 MiB; so do the 140,000 of the largest set in use, which are also in its index. The engine itself takes some 70, and
 * what V8 has not yet collected as much as 40.
 */
const MOST = 68 * MEBI;

/** Of an object of a few members, of a place in a Map or Set, and of one in an array. */
export const OBJECT_BYTES = 96;
export const MAP_PLACE_BYTES = 48;
export const ARRAY_PLACE_BYTES = 12;

const STRING_BYTES = 16;
const WIDE = /[^\0-\xff]/;

/** What a text takes in memory, in whole words of 8 bytes: a single character beyond latin-1 doubles it. */
export const textBytes = (text: string): number =>
  STRING_BYTES + 8 * Math.ceil((text.length * (WIDE.test(text) ? 2 : 1)) / 8);

/**
 * Memory for what a file lists. The limits of the formats bound counts and lengths one by one; this bounds all that is
 * kept of a checkpoint together, a set of shards included, so that no file can make the process run out of memory.
 */
export class Allowance {
  readonly #most: number;
  #left: number;

  constructor(most = MOST) {
    this.#most = most;
    this.#left = most;
  }

  /** Takes `bytes` off before they are kept. `refuse` words the fault where there are not as many left. */
  spend(bytes: number, refuse: (what: string) => Fault): void {
    this.#left -= bytes;
    if (this.#left < 0) throw refuse(`lists more than fits into ${this.#most / MEBI} MiB of memory`);
  }
}

/**
 * Random numbers addressed by a key instead of drawn from one long sequence: `openStream(seed, 'view', epoch, sample,
 * view)` always yields the same numbers, in any order of requests. This makes batches independent of the number of
 * worker threads, and lets a resumed run see the same numbers as an uninterrupted one.
 *
 * The key is hashed to 96 bits (three lanes of the MurmurHash3 32-bit mixer, Appleby 2011), which seed the generator
 * sfc32 (Doty-Humphrey, PractRand 2010; period at least 2^32, 2^127 on average).
 */
export interface RandomStream {
  /** Uniform on [0, 1), in steps of 2^-32. */
  uniform(): number;
  /** Uniform on [low, high). */
  between(low: number, high: number): number;
  /** Uniform on 0 ... count - 1 (bias below count / 2^32). */
  integer(count: number): number;
  /** -1 or +1 with equal probability: zero mean, unit variance. */
  sign(): number;
  /** Standard normal, by Box and Muller's transform; |value| < 6.8. */
  gaussian(): number;
  /** True with the given probability; never for 0, always for 1. */
  chance(probability: number): boolean;
}

const LANES = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
const WARM_UP = 12;

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const absorb = (hash: number, word: number): number => {
  const mixed = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(hash ^ mixed, 13), 5) + 0xe6546b64) | 0;
};

const finish = (hash: number): number => {
  let word = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
};

/** The words of a purpose, by FNV-1a; purposes separate streams for different uses. */
const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
};

class Sfc32 implements RandomStream {
  private counter = 1;
  private spare = Number.NaN;
  private a: number;
  private b: number;
  private c: number;

  constructor(a: number, b: number, c: number) {
    this.a = a;
    this.b = b;
    this.c = c;
    for (let round = 0; round < WARM_UP; round++) this.word();
  }

  private word(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (rotate(this.c, 21) + result) | 0;
    return result >>> 0;
  }

  uniform(): number {
    return this.word() / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  sign(): number {
    return this.word() & 1 ? 1 : -1;
  }

  gaussian(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    // Half a step away from 0, so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log((this.word() + 0.5) / 2 ** 32));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }
}

/** The stream of a key: the experiment's seed, the purpose of the numbers, and any counters (integers below 2^32). */
export const openStream = (seed: number, purpose: string, ...counters: number[]): RandomStream => {
  const words = [seed, hashText(purpose), ...counters];
  const lane = (start: number) => finish(words.reduce(absorb, start) ^ words.length);
  return new Sfc32(lane(LANES[0]), lane(LANES[1]), lane(LANES[2]));
};

/** A uniformly random order of 0 ... count - 1 (Fisher and Yates). */
export const permutation = (count: number, random: RandomStream): Int32Array => {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = order[last];
    order[last] = order[other];
    order[other] = kept;
  }
  return order;
};

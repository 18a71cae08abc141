import { openStream, permutation } from '../../data/index.ts';

/** Numbers of all layers together that are held at a time: 512 MiB of them. */
const MOST_NUMBERS = 2 ** 27;

/** How many samples with so many dimensions, of all layers together, are held. */
export const mostHeld = (dimensions: number): number => Math.max(1, Math.floor(MOST_NUMBERS / dimensions));

/**
 * How many samples of each split are held, by its name, so that there are at most `most` together: small splits are held as a
 * whole, and large ones alike.
 */
export const heldCounts = (sizes: ReadonlyMap<string, number>, most: number): Map<string, number> => {
  const ascending = [...sizes].sort(([, a], [, b]) => a - b);
  let left = most;
  return new Map(
    ascending.map(([name, size], at) => {
      const held = Math.min(size, Math.max(1, Math.floor(left / (ascending.length - at))));
      left -= held;
      return [name, held];
    }),
  );
};

/** A seeded random part of ascending samples, ascending; all of them if there are no more. */
export const heldOf = (samples: Int32Array, count: number, seed: number, split: string): Int32Array =>
  count >= samples.length
    ? samples
    : permutation(samples.length, openStream(seed, `held of ${split}`))
        .subarray(0, count)
        .map((at) => samples[at])
        .sort();

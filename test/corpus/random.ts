/** Whole numbers from 0 up to, not including, `below`, which is 1 or more. */
export type Random = (below: number) => number;

/** The 32-bit FNV-1a hash of a text. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
};

/** The same numbers for the same text, everywhere: a Weyl sequence through the finaliser of MurmurHash3. */
export const randomOf = (seed: string): Random => {
  let state = hash(seed);
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32) * below);
  };
};

export const oneOf = <T>(items: readonly T[], random: Random): T => items[random(items.length)];

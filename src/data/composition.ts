const SIDE = 32;
const CLOTHES_SIDE = 28;
const CLOTHES_MARGIN = 2;
const DIGIT_SIDE = 16;
const DIGIT_MARGIN = 8;

/** Fine cells per input pixel: 28 * 4 = 16 * 7. */
const FINE = 4;
const CELLS = 7;

/**
 * Area average of a 28 x 28 digit on a 16 x 16 grid: every output pixel is the mean of the 1.75 x 1.75 input pixels
 * that it covers, rounded to a byte (half up). Exact, on a grid of quarter pixels.
 */
export const shrinkDigit = (digit: Uint8Array): Uint8Array => {
  const source = CLOTHES_SIDE;
  const shares = Array.from({ length: DIGIT_SIDE }, (_, index) => {
    const share = new Map<number, number>();
    for (let cell = index * CELLS; cell < (index + 1) * CELLS; cell++) {
      const pixel = Math.floor(cell / FINE);
      share.set(pixel, (share.get(pixel) ?? 0) + 1);
    }
    return [...share];
  });
  const result = new Uint8Array(DIGIT_SIDE * DIGIT_SIDE);
  for (let y = 0; y < DIGIT_SIDE; y++) {
    for (let x = 0; x < DIGIT_SIDE; x++) {
      let sum = 0;
      for (const [row, down] of shares[y]) {
        for (const [column, across] of shares[x]) sum += down * across * digit[row * source + column];
      }
      result[y * DIGIT_SIDE + x] = Math.floor(sum / (CELLS * CELLS) + 0.5);
    }
  }
  return result;
};

/**
 * A 16 x 16 digit in the middle of a 28 x 28 piece of clothing, both on a black 32 x 32 background: (1 - s) clothes + s
 * digit where the digit is not zero, clothes elsewhere. [32, 32, 1], values in [0, 1]. Strength 0 gives the clothing
 * alone.
 */
export const composeDigitOnClothes = (
  digit: Uint8Array,
  clothes: Uint8Array,
  strength: number,
): Float32Array => {
  const image = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < CLOTHES_SIDE; y++) {
    const to = (y + CLOTHES_MARGIN) * SIDE + CLOTHES_MARGIN;
    for (let x = 0; x < CLOTHES_SIDE; x++) image[to + x] = clothes[y * CLOTHES_SIDE + x] / 255;
  }
  if (strength === 0) return image;
  for (let y = 0; y < DIGIT_SIDE; y++) {
    const to = (y + DIGIT_MARGIN) * SIDE + DIGIT_MARGIN;
    for (let x = 0; x < DIGIT_SIDE; x++) {
      const ink = digit[y * DIGIT_SIDE + x];
      if (ink > 0) image[to + x] = (1 - strength) * image[to + x] + (strength * ink) / 255;
    }
  }
  return image;
};

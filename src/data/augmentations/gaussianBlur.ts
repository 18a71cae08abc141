import { type Image, withValues } from '../image.ts';

/** exp(-x^2 / 2 sigma^2) at -radius ... radius, normalised to sum 1. */
const gaussianKernel = (sigma: number, radius: number): Float64Array => {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
};

/** Mirrors a position beyond the edge back inside, without repeating the edge. */
const reflect = (position: number, length: number): number => {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((position % period) + period) % period;
  return folded < length ? folded : period - folded;
};

/** Convolves the middle axis of [outer, length, inner]. */
const blurAxis = (
  values: Float32Array,
  kernel: Float64Array,
  outer: number,
  length: number,
  inner: number,
): Float32Array => {
  const radius = (kernel.length - 1) / 2;
  const sources = Int32Array.from({ length: length + 2 * radius }, (_, index) =>
    reflect(index - radius, length),
  );
  const result = new Float32Array(values.length);
  const sums = new Float64Array(inner);
  for (let line = 0; line < outer; line++) {
    for (let at = 0; at < length; at++) {
      sums.fill(0);
      for (let tap = 0; tap < kernel.length; tap++) {
        const weight = kernel[tap];
        const from = (line * length + sources[at + tap]) * inner;
        for (let index = 0; index < inner; index++) sums[index] += weight * values[from + index];
      }
      result.set(sums, (line * length + at) * inner);
    }
  }
  return result;
};

/**
 * Gaussian blur with standard deviation `sigma` in pixels, truncated at the radius ceil(3 sigma), with edges mirrored
 * without repeating the edge pixel (torchvision's padding; its kernel size is a parameter, ours depends on sigma).
 */
export const gaussianBlur = (image: Image, sigma: number): Image => {
  const { height, width, channels, values } = image;
  const kernel = gaussianKernel(sigma, Math.ceil(3 * sigma));
  const across = blurAxis(values, kernel, height, width, channels);
  return withValues(image, blurAxis(across, kernel, 1, height, width * channels));
};

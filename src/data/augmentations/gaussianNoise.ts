import { clampToUnit } from '../image.ts';
import type { RandomStream } from '../random.ts';

/** x + sigma * xi with independent standard normal xi; images are clamped to [0, 1], vectors are not. */
export const gaussianNoise = (
  values: Float32Array,
  random: RandomStream,
  sigma: number,
  range: 'unit' | 'unbounded',
): Float32Array => {
  const noisy = values.map((value) => value + sigma * random.gaussian());
  return range === 'unit' ? noisy.map(clampToUnit) : noisy;
};

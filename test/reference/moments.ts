import type { Matrix } from '../../src/spectrum/index.ts';
import { Moments } from '../../src/spectrum/measures/moments.ts';

/** Moments of a matrix of samples, at once. */
export function momentsOf(samples: Matrix): Moments {
  const moments = new Moments(samples.columns);
  moments.add(samples.data);
  return moments;
}

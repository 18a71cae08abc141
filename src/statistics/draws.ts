import { TWO_SIDED } from './normal.ts';
import type { Difference } from './paired.ts';
import { tQuantile } from './studentT.ts';

/**
 * The mean over n independent draws, with the error whose 1.96-fold is the half width of the 95 % interval of Student's t:
 * t sd / sqrt(n) / 1.96. A single draw says nothing about the error, which is infinite then.
 */
export const meanOverDraws = (values: readonly number[]): Difference => {
  const n = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  if (n < 2) return { value, error: Number.POSITIVE_INFINITY };
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, error: (tQuantile(0.95, n - 1) * Math.sqrt(squares / (n - 1) / n)) / TWO_SIDED };
};

import { TWO_SIDED } from './normal.ts';

/**
 * Standard error of a statistic of n independent samples from their influences, by the infinitesimal jackknife:
 *   sqrt(sum_i (psi_i - mean)^2 / (n - 1) / n),
 * where psi_i is the derivative of the statistic along (sample i - the mixture of all samples); the mean has
 * psi_i = x_i - mean. Null below 2 samples. Source: Jaeckel 1972; Efron 1982, chapter 6.
 */
export const standardErrorOf = (influences: Float64Array): number | null => {
  const n = influences.length;
  if (n < 2) return null;
  const mean = influences.reduce((sum, influence) => sum + influence, 0) / n;
  const squares = influences.reduce((sum, influence) => sum + (influence - mean) ** 2, 0);
  const error = Math.sqrt(squares / (n - 1) / n);
  return Number.isFinite(error) ? error : null;
};

/** Where the quantity can be: an interval does not leave it. */
export type Bounds = readonly [low: number, high: number];

const ANYWHERE: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The normal 95 % interval value +- 1.96 error, within `bounds`. */
export const normalInterval = (
  value: number,
  error: number,
  [low, high]: Bounds = ANYWHERE,
): [number, number] => {
  const within = (end: number): number => Math.min(high, Math.max(low, end));
  return [within(value - TWO_SIDED * error), within(value + TWO_SIDED * error)];
};

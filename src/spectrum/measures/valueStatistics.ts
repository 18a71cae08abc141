import type { ValueStatistics } from '../../protocol/index.ts';

/** Values whose moments are taken together, about their own mean, before they join the others. */
const CHUNK = 4096;

/**
 * Count, least, greatest, mean and population standard deviation of all values of one or more arrays, read
 * once. NaN and infinities are counted separately; the rest describes the finite values, null if there are
 * none (the deviation also if its square overflows). Chunks are merged about their means, so that nothing
 * cancels. Source: Chan, Golub and LeVeque 1983.
 */
export function valueStatistics(arrays: readonly ArrayLike<number>[]): ValueStatistics {
  const all: Tally = {
    nan: 0,
    infinite: 0,
    zero: 0,
    finite: 0,
    min: Infinity,
    max: -Infinity,
    mean: 0,
    squares: 0,
  };
  let count = 0;
  for (const values of arrays) {
    count += values.length;
    for (let from = 0; from < values.length; from += CHUNK) {
      merge(all, tallyOf(values, from, Math.min(values.length, from + CHUNK)));
    }
  }
  const { nan, infinite, zero, finite, min, max, mean, squares } = all;
  const counts = { count, nan, infinite, zero };
  if (finite === 0) return { ...counts, min: null, max: null, mean: null, standardDeviation: null };
  const deviation = Math.sqrt(squares / finite);
  return {
    ...counts,
    // Plus zero, -0 is 0: otherwise the sign of a zero would depend on where the arrays end.
    min: min + 0,
    max: max + 0,
    mean,
    standardDeviation: Number.isFinite(deviation) ? deviation : null,
  };
}

interface Tally {
  nan: number;
  infinite: number;
  zero: number;
  finite: number;
  min: number;
  max: number;
  /** Mean of the finite values, and the sum of their squared deviations from it. */
  mean: number;
  squares: number;
}

function tallyOf(values: ArrayLike<number>, from: number, to: number): Tally {
  const tally: Tally = {
    nan: 0,
    infinite: 0,
    zero: 0,
    finite: 0,
    min: Infinity,
    max: -Infinity,
    mean: 0,
    squares: 0,
  };
  let sum = 0;
  for (let k = from; k < to; k++) {
    const value = values[k];
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) tally.nan++;
      else tally.infinite++;
      continue;
    }
    tally.finite++;
    if (value === 0) tally.zero++;
    if (value < tally.min) tally.min = value;
    if (value > tally.max) tally.max = value;
    // Divided first, so that the sum of a chunk cannot overflow.
    sum += value / CHUNK;
  }
  if (tally.finite === 0) return tally;
  // Within the range, so that a constant has no deviation at all.
  tally.mean = Math.min(tally.max, Math.max(tally.min, (sum / tally.finite) * CHUNK));
  for (let k = from; k < to; k++) {
    if (Number.isFinite(values[k])) tally.squares += (values[k] - tally.mean) ** 2;
  }
  return tally;
}

function merge(all: Tally, chunk: Tally): void {
  all.nan += chunk.nan;
  all.infinite += chunk.infinite;
  if (chunk.finite === 0) return;
  const total = all.finite + chunk.finite;
  const step = chunk.mean - all.mean;
  all.zero += chunk.zero;
  all.min = Math.min(all.min, chunk.min);
  all.max = Math.max(all.max, chunk.max);
  all.squares += chunk.squares + step * step * ((all.finite / total) * chunk.finite);
  all.mean += step * (chunk.finite / total);
  all.finite = total;
}

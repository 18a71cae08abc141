import type { ValueStatistics } from '../protocol/index.ts';

const extreme = (
  pick: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null => (a === null || b === null ? (a ?? b) : pick(a, b));

const finiteOf = ({ count, nan, infinite }: ValueStatistics): number => count - nan - infinite;

/** Combined statistics of two sets of values. Source: Chan, Golub and LeVeque 1983. */
export const mergedStatistics = (a: ValueStatistics, b: ValueStatistics): ValueStatistics => {
  const [m, n] = [finiteOf(a), finiteOf(b)];
  const share = m + n === 0 ? 0 : n / (m + n);
  const counts = {
    count: a.count + b.count,
    nan: a.nan + b.nan,
    infinite: a.infinite + b.infinite,
    zero: a.zero + b.zero,
  };
  const step = (b.mean ?? 0) - (a.mean ?? 0);
  const spread = (s: ValueStatistics) => (s.standardDeviation ?? Number.NaN) ** 2;
  const variance =
    m === 0
      ? spread(b)
      : n === 0
        ? spread(a)
        : (1 - share) * spread(a) + share * spread(b) + share * (1 - share) * step * step;
  return {
    ...counts,
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
    mean: m === 0 ? b.mean : n === 0 ? a.mean : a.mean! + step * share,
    standardDeviation: Number.isFinite(variance) ? Math.sqrt(variance) : null,
  };
};

import { TWO_SIDED, wilsonInterval } from '../../statistics/index.ts';

interface Accuracy {
  accuracy: number | null;
  interval: [number, number] | null;
  samples: number;
}

/** The share of true entries with its interval; without samples there is no accuracy. */
export const accuracyOf = (correct: readonly boolean[]): Accuracy => {
  const samples = correct.length;
  if (samples === 0) return { accuracy: null, interval: null, samples };
  const hits = correct.filter(Boolean).length;
  return { accuracy: hits / samples, interval: wilsonInterval(hits, samples), samples };
};

/**
 * The mean accuracy over draws of the same samples, and the range that 95 % of further draws are expected in: the mean
 * +- 1.96 standard deviations over the draws.
 */
export const nullOf = (draws: readonly (readonly boolean[])[]): Accuracy => {
  const samples = draws[0]?.length ?? 0;
  if (samples === 0) return { accuracy: null, interval: null, samples };
  const shares = draws.map((correct) => correct.filter(Boolean).length / samples);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const half = TWO_SIDED * Math.sqrt(squares / Math.max(1, shares.length - 1));
  return { accuracy: mean, interval: [Math.max(0, mean - half), Math.min(1, mean + half)], samples };
};

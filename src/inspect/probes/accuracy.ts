import { normalInterval, wilsonInterval } from '../../statistics/index.ts';

/** A score on some samples: the share that is predicted right, or R^2. */
export interface Accuracy {
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
 * The mean score over draws of the same samples, and the range that 95 % of further draws are expected in: the mean
 * +- 1.96 standard deviations over the draws, not below `lowest`.
 */
export const nullOf = (scores: readonly number[], samples: number, lowest = 0): Accuracy => {
  if (samples === 0 || scores.length === 0) return { accuracy: null, interval: null, samples: 0 };
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, scores.length - 1));
  return { accuracy: mean, interval: normalInterval(mean, deviation, [lowest, 1]), samples };
};

/** Standard normal quantile of 0.975. */
const Z = 1.959963984540054;

/** Wilson (1927) score interval of `correct` out of `samples` at 95 %. */
export const wilsonInterval = (correct: number, samples: number): [number, number] => {
  const p = correct / samples;
  const spread = Z * Math.sqrt((p * (1 - p)) / samples + (Z * Z) / (4 * samples * samples));
  const centre = p + (Z * Z) / (2 * samples);
  const scale = 1 + (Z * Z) / samples;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
};

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

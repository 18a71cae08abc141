import { meanOfRows } from '../../spectrum/index.ts';
import type { Representation } from '../representation.ts';

/**
 * Traces of the class scatter, in time n d; the matrices themselves (`ClassMoments` in src/spectrum) would take n d^2.
 */
interface ClassTraces {
  /** tr Sigma_B = sum_c (n_c / n) ||mu_c - mu||^2. */
  readonly between: number;
  /** The same minus what chance alone adds, (K - 1) / n * tr Sigma_W with Sigma_W over n - K; not below 0. */
  readonly debiased: number;
}

/** K: classes that have samples; Sigma_W is undefined for n <= K, and nothing is subtracted then. */
export const classTraces = (layer: Representation, labels: Int32Array, classes: number): ClassTraces => {
  const mean = meanOfRows(layer.data, layer.columns);
  const { between, present } = betweenTrace(layer, labels, classes, mean);
  const within = totalTrace(layer, mean) - between;
  const unbiasedWithin = layer.rows > present ? (within * layer.rows) / (layer.rows - present) : 0;
  return { between, debiased: Math.max(0, between - ((present - 1) / layer.rows) * unbiasedWithin) };
};

/** tr Sigma_B about a known mean, and the number of classes that have samples. */
export const betweenTrace = (
  { rows, columns, data }: Representation,
  labels: Int32Array,
  classes: number,
  mean: Float64Array,
): { between: number; present: number } => {
  const sums = new Float64Array(classes * columns);
  const counts = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    counts[labels[i]]++;
    const from = i * columns;
    const to = labels[i] * columns;
    for (let j = 0; j < columns; j++) sums[to + j] += data[from + j] - mean[j];
  }
  let between = 0;
  for (let at = 0; at < sums.length; at++) {
    const count = counts[Math.floor(at / columns)];
    if (count > 0) between += sums[at] ** 2 / (count * rows);
  }
  return { between, present: counts.filter((count) => count > 0).length };
};

/** (1 / n) sum_i ||z_i - mean||^2. */
export const totalTrace = ({ rows, columns, data }: Representation, mean: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    for (let j = 0; j < columns; j++) sum += (data[from + j] - mean[j]) ** 2;
  }
  return sum / rows;
};

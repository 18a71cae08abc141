import type { Estimate } from '../../protocol/index.ts';
import type { Representation } from '../../sources/index.ts';
import { meanOfRows } from '../../spectrum/index.ts';
import { normalInterval, standardErrorOf } from '../../statistics/index.ts';

/**
 * Traces of the class scatter, in time n d; the matrices themselves (`ClassMoments` in src/spectrum) would take n d^2.
 * K: classes that have samples; for n <= K there is no scatter within classes, and nothing is subtracted then.
 */
interface ClassTraces {
  /** tr Sigma_B = sum_c (n_c / n) ||mu_c - mu||^2. */
  readonly between: number;
  /** The same minus what chance alone adds, (K - 1) / (n - K) tr Sigma_W; not below 0. */
  readonly debiased: number;
  /** Derivative of `debiased` along each sample: see `standardErrorOf`. */
  readonly influences: Float64Array;
  /**
   * eta^2 = tr Sigma_B / tr Sigma_T, the share of the variance that lies between the classes, less what chance adds:
   * 1 - (n - 1) / (n - K) tr Sigma_W / tr Sigma_T (Kelley's epsilon^2), in [0, 1]. Null when nothing varies.
   */
  readonly etaSquared: Estimate | null;
}

export const classTraces = (layer: Representation, labels: Int32Array, classes: number): ClassTraces => {
  const mean = meanOfRows(layer.data, layer.columns);
  const { sums, counts } = classSums(layer, labels, classes, mean);
  const present = counts.filter((count) => count > 0).length;
  const { total, within } = squaredDistances(layer, labels, mean, sums, counts);
  const { rows } = layer;
  const [totalTrace, withinTrace] = [meanOf(total), meanOf(within)];
  const inflation = rows > present ? (rows - 1) / (rows - present) : 1;
  const influences = total.map((square, i) => square - inflation * within[i]);
  return {
    between: totalTrace - withinTrace,
    debiased: Math.max(0, totalTrace - inflation * withinTrace),
    influences,
    etaSquared: etaSquaredOf(total, within, inflation),
  };
};

const etaSquaredOf = (total: Float64Array, within: Float64Array, inflation: number): Estimate | null => {
  const totalTrace = meanOf(total);
  if (!(totalTrace > 0)) return null;
  const share = meanOf(within) / totalTrace;
  const influences = within.map((square, i) => (-inflation * (square - share * total[i])) / totalTrace);
  const error = standardErrorOf(influences);
  const value = 1 - inflation * share;
  return error === null
    ? null
    : { value: Math.max(0, value), interval: normalInterval(value, error, [0, 1]) };
};

/** tr Sigma_B about a known mean. */
export const betweenTrace = (
  layer: Representation,
  labels: Int32Array,
  classes: number,
  mean: Float64Array,
): number => {
  const { sums, counts } = classSums(layer, labels, classes, mean);
  let between = 0;
  for (let at = 0; at < sums.length; at++) {
    const count = counts[Math.floor(at / layer.columns)];
    if (count > 0) between += sums[at] ** 2 / (count * layer.rows);
  }
  return between;
};

/** Sums of the samples of each class, relative to `mean`: [classes, dimensions]. */
const classSums = (
  { rows, columns, data }: Representation,
  labels: Int32Array,
  classes: number,
  mean: Float64Array,
): { sums: Float64Array; counts: Float64Array } => {
  const sums = new Float64Array(classes * columns);
  const counts = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    counts[labels[i]]++;
    const from = i * columns;
    const to = labels[i] * columns;
    for (let j = 0; j < columns; j++) sums[to + j] += data[from + j] - mean[j];
  }
  return { sums, counts };
};

/** ||z_i - mu||^2 and ||z_i - mu_c||^2 of every sample. */
const squaredDistances = (
  { rows, columns, data }: Representation,
  labels: Int32Array,
  mean: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): { total: Float64Array; within: Float64Array } => {
  const total = new Float64Array(rows);
  const within = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    const own = labels[i] * columns;
    const count = counts[labels[i]];
    for (let j = 0; j < columns; j++) {
      const offset = data[from + j] - mean[j];
      total[i] += offset ** 2;
      within[i] += (offset - sums[own + j] / count) ** 2;
    }
  }
  return { total, within };
};

/** ||z_i - mean||^2 of every sample. */
export const squaredLengths = ({ rows, columns, data }: Representation, mean: Float64Array): Float64Array => {
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    for (let j = 0; j < columns; j++) squares[i] += (data[from + j] - mean[j]) ** 2;
  }
  return squares;
};

export const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

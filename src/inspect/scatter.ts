import { columnMeans, type Matrix } from './matrix.ts';

/** Traces of the class scatter of a representation. */
export interface Scatter {
  /** tr Sigma_B = sum_c (n_c / n) ||mu_c - mu||^2. */
  readonly between: number;
  /** The same less what chance alone adds, (K - 1) / n * tr Sigma_W with Sigma_W over n - K; not below 0. */
  readonly debiased: number;
}

/** K: classes that have samples; Sigma_W is undefined for n <= K, and nothing is then taken away. */
export const classScatter = (m: Matrix, labels: Int32Array, classes: number): Scatter => {
  const mean = columnMeans(m);
  const { between, present } = betweenTrace(m, labels, classes, mean);
  const within = totalTrace(m, mean) - between;
  const unbiasedWithin = m.rows > present ? (within * m.rows) / (m.rows - present) : 0;
  return { between, debiased: Math.max(0, between - ((present - 1) / m.rows) * unbiasedWithin) };
};

export const betweenTrace = (
  m: Matrix,
  labels: Int32Array,
  classes: number,
  mean: Float64Array,
): { between: number; present: number } => {
  const sums = new Float64Array(classes * m.columns);
  const counts = new Float64Array(classes);
  for (let i = 0; i < m.rows; i++) {
    counts[labels[i]]++;
    const from = i * m.columns;
    const to = labels[i] * m.columns;
    for (let j = 0; j < m.columns; j++) sums[to + j] += m.data[from + j] - mean[j];
  }
  let between = 0;
  for (let c = 0; c < classes; c++) {
    if (counts[c] === 0) continue;
    let squares = 0;
    for (let j = 0; j < m.columns; j++) squares += sums[c * m.columns + j] ** 2;
    between += squares / (counts[c] * m.rows);
  }
  return { between, present: counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) };
};

/** (1 / n) sum_i ||z_i - mean||^2. */
export const totalTrace = (m: Matrix, mean: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < m.rows; i++) {
    const from = i * m.columns;
    for (let j = 0; j < m.columns; j++) sum += (m.data[from + j] - mean[j]) ** 2;
  }
  return sum / m.rows;
};

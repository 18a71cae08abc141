import { columnMeans, type Matrix, matrix } from './matrix.ts';

/** z -> (z - mean) / scale, column by column; a scale of 0 marks a constant column, which becomes 0. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Mean and standard deviation (ddof 0) of the training columns. */
export const fitStandardisation = (train: Matrix): Standardisation => {
  const mean = columnMeans(train);
  const squares = new Float64Array(train.columns);
  for (let i = 0; i < train.rows; i++) {
    const offset = i * train.columns;
    for (let j = 0; j < train.columns; j++) squares[j] += (train.data[offset + j] - mean[j]) ** 2;
  }
  const scale = squares.map((sum, j) => {
    const deviation = Math.sqrt(sum / train.rows);
    // Rounding leaves a constant column a deviation of a few units in the last place of its mean.
    return deviation <= 10 * Number.EPSILON * Math.abs(mean[j]) ? 0 : deviation;
  });
  return { mean, scale };
};

/** Only centred: for the raw probe, whose unpenalised intercept makes it indifferent to a shift of the columns. */
export const centring = ({ mean, scale }: Standardisation): Standardisation => ({
  mean,
  scale: scale.map(() => 1),
});

export const standardise = (m: Matrix, { mean, scale }: Standardisation): Matrix => {
  const data = new Float64Array(m.data.length);
  for (let i = 0; i < m.rows; i++) {
    const offset = i * m.columns;
    for (let j = 0; j < m.columns; j++) {
      data[offset + j] = scale[j] === 0 ? 0 : (m.data[offset + j] - mean[j]) / scale[j];
    }
  }
  return matrix(m.rows, m.columns, data);
};

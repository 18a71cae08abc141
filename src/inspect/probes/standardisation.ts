import { type Representation, toMatrix } from '../../sources/index.ts';
import { type Matrix, matrix, meanOfRows, unitRows } from '../../spectrum/index.ts';
import type { LayerSplits } from './predictions.ts';

/** z -> (z - mean) / scale, column by column; a scale of 0 marks a constant column, which becomes 0. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Mean and standard deviation (ddof 0) of the training columns. */
export const fitStandardisation = (train: Representation): Standardisation => {
  const mean = meanOfRows(train.data, train.columns);
  const squares = new Float64Array(train.columns);
  for (let i = 0; i < train.rows; i++) {
    const offset = i * train.columns;
    for (let j = 0; j < train.columns; j++) squares[j] += (train.data[offset + j] - mean[j]) ** 2;
  }
  return { mean, scale: squares.map((sum) => Math.sqrt(sum / train.rows)) };
};

/** Only centres: for the raw probe, whose unpenalised intercept makes it invariant to a shift of the columns. */
export const centring = ({ mean, scale }: Standardisation): Standardisation => ({
  mean,
  scale: scale.map(() => 1),
});

export const standardise = (
  { rows, columns, data }: Representation,
  { mean, scale }: Standardisation,
): Matrix => {
  const result = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const offset = i * columns;
    for (let j = 0; j < columns; j++) {
      result.data[offset + j] = scale[j] === 0 ? 0 : (data[offset + j] - mean[j]) / scale[j];
    }
  }
  return result;
};

/** Makes the columns of a probe, by what it has seen of the training samples. */
export type Scaling = (train: Representation) => (samples: Representation) => Matrix;

export const standardised: Scaling = (train) => {
  const fitted = fitStandardisation(train);
  return (samples) => standardise(samples, fitted);
};

export const asTheyAre: Scaling = (train) => {
  const fitted = centring(fitStandardisation(train));
  return (samples) => standardise(samples, fitted);
};

/** Rows of length 1, then centred. */
export const ofLengthOne: Scaling = (train) => {
  const unit = (samples: Representation): Matrix => unitRows(toMatrix(samples)).rows;
  const fitted = centring(fitStandardisation(unit(train)));
  return (samples) => standardise(unit(samples), fitted);
};

/** The columns of a probe for every split, without those that do not vary in training. */
export interface ScaledSplits {
  readonly train: Matrix;
  readonly validation: Matrix | null;
  readonly tests: readonly Matrix[];
  /** 1 / the mean variance of the training columns: what a penalty is in units of. */
  readonly unit: number;
  /** Of the layer, the columns that vary in training. */
  readonly kept: readonly number[];
}

export const scaledSplits = (splits: LayerSplits, scaling: Scaling): ScaledSplits => {
  const columnsOf = scaling(splits.train);
  const whole = columnsOf(splits.train);
  const kept = varyingColumns(whole);
  const scale = (split: Representation): Matrix => columnsAt(columnsOf(split), kept);
  let squares = 0;
  for (const value of whole.data) squares += value * value;
  return {
    train: columnsAt(whole, kept),
    validation: splits.validation === null ? null : scale(splits.validation),
    tests: splits.tests.map(scale),
    unit: squares === 0 ? 1 : whole.data.length / squares,
    kept,
  };
};

/** The columns of centred samples that are not 0 throughout; all when none is. A penalised fit gives the others no weight. */
const varyingColumns = ({ rows, columns, data }: Matrix): number[] => {
  const varies = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) if (data[i * columns + j] !== 0) varies[j] = 1;
  }
  const all = Array.from({ length: columns }, (_, j) => j);
  const kept = all.filter((j) => varies[j] === 1);
  return kept.length === 0 ? all : kept;
};

/** Some columns of samples. */
const columnsAt = (a: Matrix, kept: readonly number[]): Matrix => {
  if (kept.length === a.columns) return a;
  const chosen = matrix(a.rows, kept.length);
  for (let i = 0; i < a.rows; i++) {
    for (let at = 0; at < kept.length; at++) {
      chosen.data[i * kept.length + at] = a.data[i * a.columns + kept[at]];
    }
  }
  return chosen;
};

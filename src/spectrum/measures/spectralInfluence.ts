import type { MeasuresOn } from '../../protocol/index.ts';
import { standardErrorOf } from '../../statistics/index.ts';
import { type Matrix, rowOf } from '../matrix.ts';
import { alphaReqGradient } from './alphaReq.ts';
import { effectiveRankGradient, rankMeGradient } from './effectiveRank.ts';

/**
 * What each sample contributes to each singular value of Z = U S V^T, as [samples, values]: (z_i . v_k)^2. The sum of a
 * column is sigma_k^2. Columns are in the order of the singular values.
 */
export type SampleEnergies = Matrix;

/** Singular values below this share of the largest are rounding of the Gram matrix, and no function depends on them. */
const ROUNDING = 1e-7;

/**
 * Standard error, over samples like these, of a function f of the eigenvalues Lambda_k = sigma_k^2 with these derivatives.
 * To first order, one sample more of kind i moves Lambda_k by (z_i . v_k)^2, so its influence is
 * psi_i = sum_k df/dLambda_k (n (z_i . v_k)^2 - Lambda_k). Means that were subtracted from the columns change this by O(1/n).
 * Source: perturbation of a simple eigenvalue, Kato 1966; Waternaux 1976.
 */
const spectralError = (energies: SampleEnergies, gradient: Float64Array): number | null => {
  const { rows } = energies;
  const influences = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const own = rowOf(energies, i);
    let sum = 0;
    for (let k = 0; k < own.length; k++) sum += gradient[k] * own[k];
    influences[i] = rows * sum;
  }
  return standardErrorOf(influences);
};

/** Standard error of every singular value: that of Lambda_k over 2 sigma_k. */
export const singularValueErrors = (energies: SampleEnergies, singularValues: Float64Array): Float64Array => {
  const { rows, columns, data } = energies;
  const squares = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) {
    const k = at % columns;
    squares[k] += (rows * data[at] - singularValues[k] ** 2) ** 2;
  }
  return squares.map((square, k) =>
    singularValues[k] > 0 && rows > 1 ? Math.sqrt(square / (rows - 1) / rows) / (2 * singularValues[k]) : 0,
  );
};

/** Derivatives along Lambda of a function whose derivatives along sigma are given. */
const alongSquares = (gradient: Float64Array, singularValues: Float64Array): Float64Array => {
  const floor = ROUNDING * (singularValues[0] ?? 0);
  return gradient.map((slope, k) => (singularValues[k] > floor ? slope / (2 * singularValues[k]) : 0));
};

/** Of ||Z||_F^2 / sigma_1^2. */
const stableRankGradient = (eigenvalues: Float64Array): Float64Array => {
  const [largest] = eigenvalues;
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  return eigenvalues.map((_, k) => 1 / largest - (k === 0 ? total / largest ** 2 : 0));
};

/** Of (sum Lambda)^2 / sum Lambda^2. */
const participationGradient = (eigenvalues: Float64Array): Float64Array => {
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  const squares = eigenvalues.reduce((sum, value) => sum + value * value, 0);
  return eigenvalues.map((value) => (2 * total) / squares - (2 * total ** 2 * value) / squares ** 2);
};

/** What the errors of the measures of a spectrum are computed from. */
export interface SpectralEnergies {
  readonly uncentred: SampleEnergies;
  readonly centred: SampleEnergies;
}

/** Standard errors of the measures that spectra determine, by their keys. */
export const spectralErrors = (
  singularValues: Float64Array,
  centredSingularValues: Float64Array,
  { uncentred, centred }: SpectralEnergies,
): Record<MeasuresOn<'spectrum'>, number | null> => {
  const eigenvalues = singularValues.map((sigma) => sigma * sigma);
  const centredEigenvalues = centredSingularValues.map((sigma) => sigma * sigma);
  const alongSigma = (gradient: Float64Array): number | null =>
    spectralError(uncentred, alongSquares(gradient, singularValues));
  return {
    rankMe: alongSigma(rankMeGradient(singularValues)),
    effectiveRank: alongSigma(effectiveRankGradient(singularValues)),
    participationRatio: spectralError(centred, participationGradient(centredEigenvalues)),
    stableRank: spectralError(uncentred, stableRankGradient(eigenvalues)),
    alphaReq: spectralError(centred, alphaReqGradient(centredEigenvalues)),
  };
};

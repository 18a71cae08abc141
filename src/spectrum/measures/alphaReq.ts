import type { Measure } from '../../protocol/index.ts';
import { measured, unmeasured } from '../measure.ts';

export interface AlphaReqOptions {
  /** First rank of the fit, counted from 1; the public implementation's `trange` starts at 10, counted from 0. */
  readonly firstRank?: number;
  readonly lastRank?: number;
  /** Weights 1 / rank (default), or all equal. */
  readonly weights?: 'inverse rank' | 'equal';
}

const FEWEST_POINTS = 3;

/** The exponent as a linear function of the logarithms: alpha = sum c_i ln lambda_i over ranks firstRank..lastRank. */
interface LinearFit {
  readonly firstRank: number;
  readonly lastRank: number;
  /** Of rank firstRank + k. */
  readonly coefficients: Float64Array;
}

/** Null when too few eigenvalues are above the level of rounding (d eps lambda_1). */
const fitOf = (eigenvalues: Float64Array, options: AlphaReqOptions): LinearFit | null => {
  const { firstRank = 11, lastRank = 100, weights = 'inverse rank' } = options;
  const last = Math.min(lastRank, availableOf(eigenvalues));
  const count = last - firstRank + 1;
  if (count < FEWEST_POINTS) return null;
  const x = Float64Array.from({ length: count }, (_, k) => Math.log(firstRank + k));
  const w = Float64Array.from({ length: count }, (_, k) => (weights === 'equal' ? 1 : 1 / (firstRank + k)));
  const total = w.reduce((sum, weight) => sum + weight, 0);
  const centre = w.reduce((sum, weight, k) => sum + weight * x[k], 0) / total;
  const spread = w.reduce((sum, weight, k) => sum + weight * (x[k] - centre) ** 2, 0);
  const coefficients = w.map((weight, k) => (-weight * (x[k] - centre)) / spread);
  return { firstRank, lastRank: last, coefficients };
};

const availableOf = (eigenvalues: Float64Array): number => {
  const floor = (eigenvalues[0] ?? 0) * eigenvalues.length * Number.EPSILON;
  return eigenvalues.filter((lambda) => lambda > floor).length;
};

/**
 * alpha-ReQ: the decay exponent in lambda_i ~ i^-alpha, i.e. minus the slope of the weighted least-squares line of
 * ln lambda_i on ln i over ranks i = firstRank..lastRank (default 11..100), weights 1 / i. The eigenvalues are those of the
 * *centred* covariance, descending, any scale; near 1 is best. Those at the level of rounding (below d eps lambda_1)
 * are left out, and the range ends before them; a caution states the ranks used if they are not the requested ones.
 * Source: Agrawal et al. 2022; range and weights of reptrix/alpha.py.
 */
export function alphaReq(eigenvalues: Float64Array, options: AlphaReqOptions = {}): Measure {
  const { firstRank = 11, lastRank = 100 } = options;
  const fit = fitOf(eigenvalues, options);
  if (fit === null) {
    const available = availableOf(eigenvalues);
    return unmeasured(`${available} nonzero eigenvalues are too few for a fit from rank ${firstRank}`);
  }
  const alpha = fit.coefficients.reduce(
    (sum, coefficient, k) => sum + coefficient * Math.log(eigenvalues[firstRank - 1 + k]),
    0,
  );
  return measured(
    alpha,
    fit.lastRank < lastRank ? `fitted on ranks ${firstRank} to ${fit.lastRank}` : undefined,
  );
}

/** Derivatives of `alphaReq` along the eigenvalues: c_i / lambda_i on the ranks of the fit, 0 elsewhere. */
export const alphaReqGradient = (eigenvalues: Float64Array, options: AlphaReqOptions = {}): Float64Array => {
  const gradient = new Float64Array(eigenvalues.length);
  const fit = fitOf(eigenvalues, options);
  fit?.coefficients.forEach((coefficient, k) => {
    const at = fit.firstRank - 1 + k;
    gradient[at] = coefficient / eigenvalues[at];
  });
  return gradient;
};

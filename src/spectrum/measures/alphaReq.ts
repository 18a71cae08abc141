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

/**
 * alpha-ReQ: the decay exponent in lambda_i ~ i^-alpha, i.e. minus the slope of the weighted least-squares line of
 * ln lambda_i on ln i over ranks i = firstRank..lastRank (default 11..100), weights 1 / i. The eigenvalues are those of the
 * *centred* covariance, descending, any scale; near 1 is best. Those at the level of rounding (below d eps lambda_1)
 * are left out, and the range ends before them; a caution states the ranks used if they are not the requested ones.
 * Source: Agrawal et al. 2022; range and weights of reptrix/alpha.py.
 */
export function alphaReq(eigenvalues: Float64Array, options: AlphaReqOptions = {}): Measure {
  const { firstRank = 11, lastRank = 100, weights = 'inverse rank' } = options;
  const floor = (eigenvalues[0] ?? 0) * eigenvalues.length * Number.EPSILON;
  const available = eigenvalues.filter((lambda) => lambda > floor).length;
  const last = Math.min(lastRank, available);
  if (last - firstRank + 1 < FEWEST_POINTS) {
    return unmeasured(`${available} nonzero eigenvalues are too few for a fit from rank ${firstRank}`);
  }
  let sumW = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (let rank = firstRank; rank <= last; rank++) {
    const w = weights === 'equal' ? 1 : 1 / rank;
    const x = Math.log(rank);
    const y = Math.log(eigenvalues[rank - 1]);
    sumW += w;
    sumX += w * x;
    sumY += w * y;
    sumXX += w * x * x;
    sumXY += w * x * y;
  }
  const slope = (sumW * sumXY - sumX * sumY) / (sumW * sumXX - sumX * sumX);
  return measured(-slope, last < lastRank ? `fitted on ranks ${firstRank} to ${last}` : undefined);
}

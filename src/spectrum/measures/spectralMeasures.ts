import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import type { Matrix } from '../matrix.ts';
import { cautioned } from '../measure.ts';
import { alphaReq } from './alphaReq.ts';
import { effectiveRank, participationRatio, rankMe, stableRank } from './effectiveRank.ts';

/** Singular values of a representation, descending: min(samples, dimensions) of them. */
export interface RepresentationSpectra {
  readonly singularValues: Float64Array;
  readonly centredSingularValues: Float64Array;
  /** The centred Gram matrix on the smaller side: the eigenvalues of the covariance, times the samples. */
  readonly centredGram: Matrix;
}

/** The measures that the spectra of a representation determine, each with `caution` beside its value. */
export const spectralMeasures = (
  { singularValues, centredSingularValues, centredGram }: RepresentationSpectra,
  caution?: string,
): Record<MeasuresOn<'spectrum'>, Measure> => ({
  rankMe: cautioned(rankMe(singularValues), caution),
  effectiveRank: cautioned(effectiveRank(singularValues), caution),
  participationRatio: cautioned(participationRatio(centredGram), caution),
  stableRank: cautioned(stableRank(singularValues), caution),
  alphaReq: cautioned(alphaReq(centredSingularValues.map((sigma) => sigma * sigma)), caution),
});

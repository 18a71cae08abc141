import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import type { Matrix } from '../matrix.ts';
import { cautioned, withError } from '../measure.ts';
import { alphaReq } from './alphaReq.ts';
import { effectiveRank, participationRatio, rankMe, stableRank } from './effectiveRank.ts';
import { type SpectralEnergies, spectralErrors } from './spectralInfluence.ts';

/** Singular values of a representation, descending: min(samples, dimensions) of them. */
export interface RepresentationSpectra {
  readonly singularValues: Float64Array;
  readonly centredSingularValues: Float64Array;
  /** The centred Gram matrix on the smaller side: the eigenvalues of the covariance, times the samples. */
  readonly centredGram: Matrix;
  /** What the intervals are computed from; null for exact moments, and where there are none. */
  readonly energies: SpectralEnergies | null;
}

/** Where a rank can be. */
const RANK = [1, Number.POSITIVE_INFINITY] as const;

/** The measures that the spectra of a representation determine, each with `caution` beside its value. */
export const spectralMeasures = (
  { singularValues, centredSingularValues, centredGram, energies }: RepresentationSpectra,
  caution?: string,
): Record<MeasuresOn<'spectrum'>, Measure> => {
  const errors = energies === null ? null : spectralErrors(singularValues, centredSingularValues, energies);
  const told = (measure: Measure, error: number | null, bounds?: readonly [number, number]): Measure =>
    cautioned(withError(measure, error, bounds), caution);
  return {
    rankMe: told(rankMe(singularValues), errors?.rankMe ?? null, RANK),
    effectiveRank: told(effectiveRank(singularValues), errors?.effectiveRank ?? null, RANK),
    participationRatio: told(participationRatio(centredGram), errors?.participationRatio ?? null, RANK),
    stableRank: told(stableRank(singularValues), errors?.stableRank ?? null, RANK),
    alphaReq: told(alphaReq(centredSingularValues.map((sigma) => sigma * sigma)), errors?.alphaReq ?? null),
  };
};

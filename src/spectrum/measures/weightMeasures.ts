import {
  isOfShuffled,
  type Measure,
  type ShuffledMeasure,
  WEIGHT_MEASURE_KEYS,
  type WeightMeasure,
} from '../../protocol/index.ts';
import { numericalRank } from '../decomposition/singularValues.ts';
import { exceeding, measured, unmeasured } from '../measure.ts';
import type { MatrixSize } from './bulk.ts';
import { effectiveRank, matrixEntropy, stableRank } from './effectiveRank.ts';
import type { EntryNorms } from './entryNorms.ts';
import { fitPowerLaw } from './powerLaw.ts';
import { computingLevel, equalityLevel, FLOAT64, roundingLevel, type StoredType } from './rounding.ts';
import { aboveShuffled, bulkMeasures, withShuffledCount } from './spikes.ts';

export type WeightMeasures = Partial<Record<WeightMeasure, Measure>>;

/** All that can be measured of the matrix, and what its shuffled copy adds where there is one. */
type AllMeasures = Record<Exclude<WeightMeasure, ShuffledMeasure>, Measure> &
  Partial<Record<ShuffledMeasure, Measure>>;

/** Facts about the entries besides their singular values. */
export interface StoredEntries {
  readonly type: StoredType;
  readonly norms: EntryNorms;
}

/**
 * The measures of a rows x columns weight matrix from all its singular values, descending; for slices, from
 * those of all slices together (descending), as WeightWatcher pools a convolution. Nothing is halved here,
 * unlike in WeightWatcher with pooled convolutions, whose eigenvalues are therefore half of these; alpha and
 * the ranks are not affected. `shuffled` are the singular values of the same entries in a random order, or null
 * when they were not computed. `stored` is the precision of the stored entries, float64 by default: what
 * rounding can produce is left out of the bulk and of the power law. A measure without a value says why;
 * nothing is NaN.
 */
export function weightMeasures(
  singularValues: Float64Array,
  size: MatrixSize,
  shuffled: Float64Array | null = null,
  stored: StoredEntries | null = null,
): AllMeasures {
  if (singularValues.length === 0) return allUnmeasured('the matrix is empty', shuffled !== null);
  if (!(singularValues[0] > 0)) return allUnmeasured('all weights are zero', shuffled !== null);
  const levels = levelsOf(singularValues[0], size, stored);
  const above = shuffled === null ? null : aboveShuffled(singularValues, shuffled, levels.computing);
  const kept = singularValues.filter((sigma) => sigma > levels.rounding);
  return {
    ...norms(singularValues),
    ...ranks(singularValues, size),
    ...storedRanks(singularValues, kept.length, levels),
    ...powerLaw(kept, levels.equal),
    ...withShuffledCount(bulkMeasures(kept, size, stored?.norms ?? null, levels.type.name), above),
    ...(shuffled === null ? {} : ofShuffled(shuffled, levels)),
  };
}

/** Sizes of singular values, in the units of the entries, below which they are meaningless. */
interface Levels {
  readonly type: StoredType;
  /** What computing in float64, and rounding to the stored type, can turn 0 into. */
  readonly computing: number;
  readonly rounding: number;
  /** Values nearer to each other than this are equal. */
  readonly equal: number;
}

function levelsOf(largest: number, size: MatrixSize, stored: StoredEntries | null): Levels {
  const computing = computingLevel(largest, size);
  const type = stored?.type ?? FLOAT64;
  const rounding = stored === null ? computing : roundingLevel(largest, size, type, stored.norms);
  return { type, computing, rounding, equal: equalityLevel(largest, size, type, rounding) };
}

function allUnmeasured(why: string, withShuffled: boolean): AllMeasures {
  const keys = WEIGHT_MEASURE_KEYS.filter((key) => withShuffled || !isOfShuffled(key));
  return Object.fromEntries(keys.map((key) => [key, unmeasured(why)])) as AllMeasures;
}

const norms = (sigma: Float64Array) =>
  ({
    spectralNorm: measured(sigma[0]),
    frobeniusNorm: measured(sigma[0] * Math.sqrt(sumOf(shares(sigma)))),
  }) satisfies WeightMeasures;

const rankOf = (sigma: Float64Array, { rows, columns }: MatrixSize): number =>
  numericalRank(sigma, Math.max(rows, columns));

function condition(sigma: Float64Array, cutOff: number, precision: string): Measure {
  const least = sigma[sigma.length - 1];
  if (least > cutOff) return measured(sigma[0] / least);
  const why = least > 0 ? `below the precision of ${precision}` : '0';
  return exceeding(sigma[0] / cutOff, `the smallest singular value is ${why}`);
}

function ranks(sigma: Float64Array, size: MatrixSize) {
  const rank = rankOf(sigma, size);
  const lambda = shares(sigma);
  return {
    stableRank: stableRank(sigma),
    effectiveRank: effectiveRank(sigma),
    participationRatio: measured(sumOf(lambda) ** 2 / sumOf(lambda.map((value) => value * value))),
    matrixEntropy: matrixEntropy(shareRoots(sigma), rank),
    numericalRank: measured(rank),
    condition: condition(sigma, computingLevel(sigma[0], size), FLOAT64.name),
  } satisfies WeightMeasures;
}

function storedRanks(sigma: Float64Array, rank: number, { rounding, type }: Levels) {
  return {
    numericalRankStored: measured(
      rank,
      rank === 0 ? `all are below the precision of ${type.name}` : undefined,
    ),
    conditionStored: condition(sigma, rounding, type.name),
  } satisfies WeightMeasures;
}

/** sigma / sigma_1, and its square: their sums neither overflow nor vanish. */
const shareRoots = (sigma: Float64Array): Float64Array => sigma.map((value) => value / sigma[0]);
const shares = (sigma: Float64Array): Float64Array => shareRoots(sigma).map((value) => value * value);

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const squares = (sigma: Float64Array): Float64Array => sigma.map((value) => value * value);

function powerLaw(sigma: Float64Array, equal: number) {
  const { fit, note } = fitPowerLaw(squares(sigma), { equal });
  if (fit === null) {
    const none = unmeasured(`no power law: ${note}`);
    return { alpha: none, alphaError: none, xmin: none, ksDistance: none, tail: none };
  }
  return {
    alpha: measured(fit.alpha, note),
    alphaError: measured(fit.sigma, note),
    xmin: measured(fit.xmin),
    ksDistance: measured(fit.distance),
    tail: measured(fit.tail),
  } satisfies WeightMeasures;
}

function ofShuffled(
  sigma: Float64Array,
  { rounding, equal }: Levels,
): Record<Exclude<ShuffledMeasure, 'aboveShuffled'>, Measure> {
  return {
    shuffledSpectralNorm: measured(sigma[0]),
    shuffledStableRank: stableRank(sigma),
    shuffledEffectiveRank: effectiveRank(sigma),
    shuffledAlpha: powerLaw(
      sigma.filter((value) => value > rounding),
      equal,
    ).alpha,
  };
}

import type { Measure, WeightMeasure } from '../../protocol/index.ts';
import { numericalRank } from '../decomposition/singularValues.ts';
import { measured, unmeasured } from '../measure.ts';
import { fitBulk, type MatrixSize } from './bulk.ts';
import { effectiveRank, matrixEntropy, stableRank } from './effectiveRank.ts';
import { fitPowerLaw } from './powerLaw.ts';

export type WeightMeasures = Partial<Record<WeightMeasure, Measure>>;

/** Short printed form of every measure of a weight matrix; sigma are its singular values, lambda = sigma^2. */
export const WEIGHT_DEFINITIONS: Readonly<Record<WeightMeasure, string>> = {
  spectralNorm: 'largest sigma (its square is what WeightWatcher calls spectral_norm)',
  frobeniusNorm: 'sqrt(sum sigma^2) (its square is the norm of WeightWatcher)',
  stableRank: 'sum sigma^2 / sigma_1^2',
  effectiveRank: 'exp(-sum p ln p), p = sigma / sum sigma',
  participationRatio: '(sum lambda)^2 / sum lambda^2, lambda = sigma^2',
  matrixEntropy: '-sum p ln p / ln(rank + 1e-10), p = sigma^2 / sum sigma^2 + 1e-10 (WeightWatcher)',
  condition: 'sigma_1 / smallest sigma',
  numericalRank: 'sigma > sigma_1 max(rows, columns) 2.2e-16',
  alpha: 'density ~ lambda^-alpha for lambda >= xmin, lambda = sigma^2 > 1e-5, Clauset fit (WeightWatcher)',
  alphaError: '(alpha - 1) / sqrt(tail)',
  xmin: 'lambda = sigma^2 from which the power law is fitted: smallest distance',
  ksDistance: 'Kolmogorov-Smirnov distance of tail and power law, one-sided (WeightWatcher)',
  tail: 'number of lambda >= xmin',
  bulkEdge: 'lambda+ = N s^2 (1 + 1/sqrt(Q))^2, s^2 the variance that the spikes leave, Q = N / M >= 1',
  spikes: 'number of lambda beyond lambda+ and its Tracy-Widom margin (that of WeightWatcher at s = 1)',
  shuffledSpectralNorm: 'largest sigma, entries in a seeded random order',
  shuffledStableRank: 'sum sigma^2 / sigma_1^2, entries in a seeded random order',
  shuffledEffectiveRank: 'exp(-sum p ln p), p = sigma / sum sigma, entries in a seeded random order',
  shuffledAlpha: 'alpha of the Clauset fit, entries in a seeded random order',
};

/**
 * The measures of a rows x columns weight matrix from its singular values, descending and all of them; of
 * slices, from those of all slices together (descending), as WeightWatcher pools a convolution. Nothing is
 * halved here, as WeightWatcher does with pooled convolutions, whose eigenvalues are therefore half of these;
 * alpha and the ranks are not touched by that. `shuffled` are the singular values of the same entries in a
 * random order, or null when they were not computed. What has no value says why; nothing is NaN.
 */
export function weightMeasures(
  singularValues: Float64Array,
  size: MatrixSize,
  shuffled: Float64Array | null = null,
): WeightMeasures {
  if (singularValues.length === 0) return allUnmeasured('the matrix is empty', shuffled !== null);
  if (!(singularValues[0] > 0)) return allUnmeasured('all weights are zero', shuffled !== null);
  return {
    ...norms(singularValues),
    condition: condition(singularValues, size),
    ...ranks(singularValues, size),
    ...powerLaw(singularValues),
    ...bulk(singularValues, size),
    ...(shuffled === null ? {} : ofShuffled(shuffled)),
  };
}

function allUnmeasured(why: string, withShuffled: boolean): WeightMeasures {
  const keys = (Object.keys(WEIGHT_DEFINITIONS) as WeightMeasure[]).filter(
    (key) => withShuffled || !key.startsWith('shuffled'),
  );
  return Object.fromEntries(keys.map((key) => [key, unmeasured(why)]));
}

const norms = (sigma: Float64Array): WeightMeasures => ({
  spectralNorm: measured(sigma[0]),
  frobeniusNorm: measured(sigma[0] * Math.sqrt(sumOf(shares(sigma)))),
});

const rankOf = (sigma: Float64Array, { rows, columns }: MatrixSize): number =>
  numericalRank(sigma, Math.max(rows, columns));

function condition(sigma: Float64Array, size: MatrixSize): Measure {
  const least = sigma[sigma.length - 1];
  if (!(least > 0)) return unmeasured('the smallest singular value is 0');
  const lost = rankOf(sigma, size) < sigma.length;
  return measured(
    sigma[0] / least,
    lost ? 'the smallest singular value is at the level of rounding' : undefined,
  );
}

function ranks(sigma: Float64Array, size: MatrixSize): WeightMeasures {
  const rank = rankOf(sigma, size);
  const lambda = shares(sigma);
  return {
    stableRank: stableRank(sigma),
    effectiveRank: effectiveRank(sigma),
    participationRatio: measured(sumOf(lambda) ** 2 / sumOf(lambda.map((value) => value * value))),
    matrixEntropy: matrixEntropy(shareRoots(sigma), rank),
    numericalRank: measured(rank),
  };
}

/** sigma / sigma_1, and its square: their sums neither overflow nor vanish. */
const shareRoots = (sigma: Float64Array): Float64Array => sigma.map((value) => value / sigma[0]);
const shares = (sigma: Float64Array): Float64Array => shareRoots(sigma).map((value) => value * value);

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const squares = (sigma: Float64Array): Float64Array => sigma.map((value) => value * value);

function powerLaw(sigma: Float64Array): WeightMeasures {
  const { fit, note } = fitPowerLaw(squares(sigma));
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
  };
}

/** Fewer eigenvalues than this have no bulk to speak of. */
const FEWEST_FOR_BULK = 10;

function bulk(sigma: Float64Array, size: MatrixSize): WeightMeasures {
  const smaller = Math.min(size.rows, size.columns);
  const fit = smaller < FEWEST_FOR_BULK ? null : fitBulk(squares(sigma), size);
  if (fit === null) {
    const none = unmeasured(
      smaller < FEWEST_FOR_BULK ? `the smaller side is ${smaller}, too few for a bulk` : 'no bulk is left',
    );
    return { bulkEdge: none, spikes: none };
  }
  const caution =
    2 * fit.spikes > sigma.length ? 'most eigenvalues stick out: this is not noise with spikes' : undefined;
  return { bulkEdge: measured(fit.edge, caution), spikes: measured(fit.spikes, caution) };
}

function ofShuffled(sigma: Float64Array): WeightMeasures {
  return {
    shuffledSpectralNorm: measured(sigma[0]),
    shuffledStableRank: stableRank(sigma),
    shuffledEffectiveRank: effectiveRank(sigma),
    shuffledAlpha: powerLaw(sigma).alpha,
  };
}

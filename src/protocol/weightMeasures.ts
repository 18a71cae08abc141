import { type MeasureEntry, type Translatable, translatable } from './measures.ts';

/**
 * The measures of a weight matrix: one entry each. sigma are the singular values, lambda = sigma^2. The page of a
 * checkpoint and its JSON show all that a document has.
 */
interface WeightEntry extends MeasureEntry {
  /** Heading of its column in the table of layers. */
  readonly column: Translatable;
  /** Whether the table shows its column until the user chooses others. */
  readonly usual?: true;
  /** Its column in CSV files, after those that have WeightWatcher's names. */
  readonly csv?: string;
}

/** Keys in `metrics` of a layer's spectrum. */
export type WeightMeasure =
  | 'spectralNorm'
  | 'frobeniusNorm'
  | 'stableRank'
  | 'effectiveRank'
  | 'participationRatio'
  | 'matrixEntropy'
  | 'condition'
  | 'numericalRank'
  | 'conditionStored'
  | 'numericalRankStored'
  | 'alpha'
  | 'alphaError'
  | 'xmin'
  | 'ksDistance'
  | 'tail'
  | 'bulkEdge'
  | 'spikes'
  | 'aboveShuffled'
  | 'shuffledSpectralNorm'
  | 'shuffledStableRank'
  | 'shuffledEffectiveRank'
  | 'shuffledAlpha';

const OF_SHUFFLED = translatable('The same measure of the same weights in random order.');

/** In the order in which documents define them, and pages list them. Where no source calls a direction better, none is. */
export const WEIGHT_MEASURES: Readonly<Record<WeightMeasure, WeightEntry>> = {
  spectralNorm: {
    label: translatable('largest singular value σ₁'),
    meaning: translatable('The largest factor by which the layer can stretch an input.'),
    definition: 'largest sigma (its square is what WeightWatcher calls spectral_norm)',
    unit: 'none',
    better: null,
    column: translatable('σ₁'),
    usual: true,
    terminal: 'sigma1',
  },
  frobeniusNorm: {
    label: translatable('Frobenius norm'),
    meaning: translatable('Overall size of the weights.'),
    definition: 'sqrt(sum sigma^2) (its square is the norm of WeightWatcher)',
    unit: 'none',
    better: null,
    column: translatable('‖W‖F'),
    usual: true,
  },
  stableRank: {
    label: translatable('stable rank'),
    meaning: translatable(
      'How many directions matter, measured by their energy. Low when one direction dominates.',
    ),
    definition: 'sum sigma^2 / sigma_1^2',
    unit: 'none',
    better: null,
    column: translatable('stable rank'),
    usual: true,
    terminal: 'stable rank',
  },
  effectiveRank: {
    label: translatable('effective rank'),
    meaning: translatable('How many directions matter, measured by the entropy of the spectrum.'),
    definition: 'exp(-sum p ln p), p = sigma / sum sigma',
    unit: 'none',
    better: null,
    column: translatable('effective rank'),
    usual: true,
    terminal: 'effective rank',
    csv: 'effective_rank',
  },
  participationRatio: {
    label: translatable('participation ratio'),
    meaning: translatable('How many directions share the energy.'),
    definition: '(sum lambda)^2 / sum lambda^2, lambda = sigma^2',
    unit: 'none',
    better: null,
    column: translatable('particip. ratio'),
    csv: 'participation_ratio',
  },
  matrixEntropy: {
    label: translatable('matrix entropy'),
    meaning: translatable(
      '1 when all directions have the same energy, near 0 when one has almost all of it.',
    ),
    definition: '-sum p ln p / ln(rank + 1e-10), p = sigma^2 / sum sigma^2 + 1e-10 (WeightWatcher)',
    unit: 'none',
    better: null,
    column: translatable('entropy'),
  },
  condition: {
    label: translatable('condition number'),
    meaning: translatable(
      'Largest singular value divided by the smallest: how unevenly the layer stretches inputs.',
    ),
    definition:
      'sigma_1 / smallest sigma; above sigma_1 / cut-off where that is below the cut-off of the rank',
    unit: 'none',
    better: null,
    column: translatable('condition'),
    usual: true,
    csv: 'condition',
  },
  numericalRank: {
    label: translatable('numerical rank'),
    meaning: translatable('Number of singular values larger than the rounding errors of float64.'),
    definition: 'sigma > sigma_1 max(rows, columns) 2.2e-16',
    unit: 'count',
    better: null,
    column: translatable('rank in f64'),
  },
  conditionStored: {
    label: translatable('condition as stored'),
    meaning: translatable('Condition number, as precisely as the number type in the file allows.'),
    definition: 'the same with the cut-off of the rank at the precision of the stored type',
    unit: 'none',
    better: null,
    column: translatable('cond. stored'),
    csv: 'condition_stored',
  },
  numericalRankStored: {
    label: translatable('rank as stored'),
    meaning: translatable(
      'Number of singular values larger than the rounding errors of the number type in the file.',
    ),
    definition:
      'sigma > u (largest row norm + largest column norm) / sqrt(3), u = 2^-p of the stored type: more than rounding to it',
    unit: 'count',
    better: null,
    column: translatable('rank'),
    usual: true,
    terminal: 'rank',
    csv: 'rank_stored',
  },
  alpha: {
    label: translatable('power-law exponent α'),
    meaning: translatable(
      'How fast the tail of the eigenvalue density falls. Typically 2 to 6 for well-trained layers.',
    ),
    definition:
      'density ~ lambda^-alpha for lambda >= xmin, lambda = sigma^2 > 1e-5 and above rounding, Clauset fit (WeightWatcher), at least 10 in the tail',
    unit: 'none',
    // Martin, Peng and Mahoney 2021: lower is better down to about 2, and a sign of overfitting below.
    better: null,
    column: translatable('α'),
    usual: true,
    terminal: 'alpha',
  },
  alphaError: {
    label: translatable('error of α'),
    meaning: translatable('Standard error of the exponent.'),
    definition: '(alpha - 1) / sqrt(tail)',
    unit: 'none',
    better: null,
    column: translatable('α error'),
  },
  xmin: {
    label: translatable('start of the tail'),
    meaning: translatable('Eigenvalue from which the power law is fitted.'),
    definition: 'lambda = sigma^2 from which the power law is fitted: smallest distance',
    unit: 'none',
    better: null,
    column: translatable('x min'),
  },
  ksDistance: {
    label: translatable('distance from the power law'),
    meaning: translatable(
      'Kolmogorov–Smirnov distance between the tail and the power law. The power law describes the tail if it is below about 0.1.',
    ),
    definition: 'Kolmogorov-Smirnov distance of tail and power law, one-sided (WeightWatcher)',
    unit: 'none',
    // It judges the fit, not the layer.
    better: null,
    column: translatable('KS dist.'),
  },
  tail: {
    label: translatable('eigenvalues in the tail'),
    meaning: translatable('Number of eigenvalues that the power law is fitted to.'),
    definition: 'number of lambda >= xmin',
    unit: 'count',
    better: null,
    column: translatable('tail'),
  },
  bulkEdge: {
    label: translatable('Marchenko–Pastur edge'),
    meaning: translatable('The largest eigenvalue that noise of the same size would have.'),
    definition:
      'lambda+ = N s^2 (1 + 1/sqrt(Q))^2, s^2 the variance that the spikes leave, Q = N / M >= 1, N the larger side without zero rows and columns, M the rank at stored precision',
    unit: 'none',
    better: null,
    column: translatable('MP edge'),
    csv: 'bulk_edge',
  },
  spikes: {
    label: translatable('spikes'),
    meaning: translatable('Eigenvalues beyond the edge: directions that noise does not explain.'),
    definition: 'number of lambda beyond lambda+ and its Tracy-Widom margin (that of WeightWatcher at s = 1)',
    unit: 'count',
    better: null,
    column: translatable('spikes'),
    usual: true,
    terminal: 'spikes',
    csv: 'bulk_spikes',
  },
  aboveShuffled: {
    label: translatable('values above the shuffled weights'),
    meaning: translatable(
      'Number of singular values larger than every one of the same weights in random order.',
    ),
    definition: 'number of sigma above the largest sigma of the shuffled copy',
    unit: 'count',
    better: null,
    column: translatable('> shuffled'),
    usual: true,
    terminal: 'above shuffled',
    csv: 'above_shuffled',
  },
  shuffledSpectralNorm: {
    label: translatable('σ₁ of the shuffled weights'),
    meaning: translatable(
      'Largest singular value of the same weights in random order. The difference is the effect of their order.',
    ),
    definition: 'largest sigma, entries in a seeded random order among rows and columns that are not zero',
    unit: 'none',
    better: null,
    column: translatable('σ₁ shuffled'),
    csv: 'shuffled_sv_max',
  },
  shuffledStableRank: {
    label: translatable('stable rank of the shuffled weights'),
    meaning: OF_SHUFFLED,
    definition: 'sum sigma^2 / sigma_1^2, entries in a seeded random order',
    unit: 'none',
    better: null,
    column: translatable('stable shuffled'),
  },
  shuffledEffectiveRank: {
    label: translatable('effective rank of the shuffled weights'),
    meaning: OF_SHUFFLED,
    definition: 'exp(-sum p ln p), p = sigma / sum sigma, entries in a seeded random order',
    unit: 'none',
    better: null,
    column: translatable('effective shuffled'),
  },
  shuffledAlpha: {
    label: translatable('α of the shuffled weights'),
    meaning: OF_SHUFFLED,
    definition: 'alpha of the Clauset fit, entries in a seeded random order',
    unit: 'none',
    better: null,
    column: translatable('α shuffled'),
  },
};

export const WEIGHT_MEASURE_KEYS = Object.keys(WEIGHT_MEASURES) as WeightMeasure[];

/** The measures of the shuffled copy, which exist only where one was made. */
export type ShuffledMeasure = Extract<WeightMeasure, `shuffled${string}` | 'aboveShuffled'>;

export const isOfShuffled = (key: WeightMeasure): key is ShuffledMeasure => /shuffled/i.test(key);

/** The definition of every measure, as documents have it. */
export const WEIGHT_DEFINITIONS = Object.fromEntries(
  WEIGHT_MEASURE_KEYS.map((key) => [key, WEIGHT_MEASURES[key].definition]),
) as Readonly<Record<WeightMeasure, string>>;

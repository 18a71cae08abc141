/**
 * The measures of a layer's representations: one entry each, with everything that is said about it. Pages, the terminal,
 * the report, files and `definitions` of a document all read these entries.
 */

declare const marked: unique symbol;

/** An English text that pages translate. */
export type Translatable = string & { readonly [marked]: true };

/** Marks a text for translators: scripts/make-l10n.mjs collects the literals given to it. */
export const translatable = (text: string): Translatable => text as Translatable;

/** What is said about any measure. */
export interface MeasureEntry {
  readonly label: Translatable;
  /** What it tells, in plain words. */
  readonly meaning: Translatable;
  /** Its formula, in ASCII, as documents and the terminal print it. */
  readonly definition: string;
  /** `count`: a whole number. `share`: in [0, 1], printed in percent. `none`: any other number. */
  readonly unit: 'none' | 'count' | 'share';
  /**
   * Which direction its source calls better, where it calls one so; null otherwise. Sources compare models by it; between
   * layers of one model it is evidence, not a rule.
   */
  readonly better: 'higher' | 'lower' | null;
  /** Title of its column in the table of a terminal, if it has one. */
  readonly terminal?: string;
}

/** What a measure is made from; its sample size follows from that. */
type MeasuredOn =
  /** The singular values, of samples or of exact moments. */
  | 'spectrum'
  | 'samples'
  | 'labelled samples'
  /** Two augmented views of each sample. */
  | 'pairs'
  /** Several augmented views of each sample. */
  | 'objects'
  | 'feature weights';

/** Panels, the report, its definitions and CSV files show all measures that the document has. */
export interface RepresentationEntry extends MeasureEntry {
  readonly on: MeasuredOn;
}

/** Keys in `measures` and `inequality` of a layer in `analysis.json`. */
export type RepresentationMeasure =
  | 'rankMe'
  | 'effectiveRank'
  | 'participationRatio'
  | 'stableRank'
  | 'alphaReq'
  | 'stdOfNormalised'
  | 'nc1'
  | 'nc2Norms'
  | 'nc2Angles'
  | 'nc3'
  | 'nc4'
  | 'lidar'
  | 'alignment'
  | 'uniformity'
  | 'effectiveNumber'
  | 'gini';

const TABLE = {
  rankMe: {
    label: translatable('RankMe'),
    meaning: translatable('How many directions the representation uses.'),
    definition: 'exp(-sum p ln p), p = sigma / sum sigma + 1e-7, uncentred',
    unit: 'none',
    // Garrido et al. 2023, who select models by it: a high one is necessary for accuracy, not sufficient.
    better: 'higher',
    on: 'spectrum',
    terminal: 'RankMe',
  },
  effectiveRank: {
    label: translatable('Effective rank'),
    meaning: translatable('How many directions matter, measured by the entropy of the spectrum.'),
    definition: 'exp(-sum p ln p), p = sigma / sum sigma, uncentred',
    unit: 'none',
    better: null,
    on: 'spectrum',
  },
  participationRatio: {
    label: translatable('Participation ratio'),
    meaning: translatable('How many directions share the variance.'),
    definition: '(sum lambda)^2 / sum lambda^2, lambda of the centred covariance',
    unit: 'none',
    better: null,
    on: 'spectrum',
    terminal: 'PR',
  },
  stableRank: {
    label: translatable('Stable rank'),
    meaning: translatable('How many directions matter, measured by their energy. 1 when one has all of it.'),
    definition: '||Z||_F^2 / sigma_1^2, uncentred',
    unit: 'none',
    better: null,
    on: 'spectrum',
    terminal: 'stable rank',
  },
  alphaReq: {
    label: translatable('α-ReQ'),
    meaning: translatable('How fast the variance falls off. About 1 in good models.'),
    definition: '-slope of ln lambda on ln rank, ranks 11..100, weights 1/rank, centred covariance',
    unit: 'none',
    // Agrawal et al. 2022: best near 1, worse on both sides.
    better: null,
    on: 'spectrum',
  },
  stdOfNormalised: {
    label: translatable('Spread of normalised representations'),
    meaning: translatable('How far representations of unit length spread. 0 when all are the same.'),
    definition: 'mean over dimensions of the standard deviation (n - 1), L2-normalised',
    unit: 'none',
    // Chen and He 2021 recognise collapse by it, but rank nothing.
    better: null,
    on: 'samples',
  },
  // Papyan, Han and Donoho 2020. Collapse comes with accuracy on the training task and with less transfer: no direction.
  nc1: {
    label: translatable('NC1'),
    meaning: translatable('Spread within classes compared with that between them. 0 under full collapse.'),
    definition: 'tr(Sw Sb^+) / K, Sw / N, Sb / K about the mean of the samples',
    unit: 'none',
    better: null,
    on: 'labelled samples',
  },
  nc2Norms: {
    label: translatable('NC2, norms'),
    meaning: translatable('How unequally far the classes are from their centre. 0 under full collapse.'),
    definition: 'standard deviation (K - 1) / mean of ||mu_c - mean of class means||',
    unit: 'none',
    better: null,
    on: 'labelled samples',
  },
  nc2Angles: {
    label: translatable('NC2, angles'),
    meaning: translatable('How unequal the angles between the classes are. 0 under full collapse.'),
    definition: "mean |cos(m_c, m_c') + 1/(K - 1)|, m_c = mu_c - mean of class means",
    unit: 'none',
    better: null,
    on: 'labelled samples',
  },
  nc3: {
    label: translatable('NC3'),
    meaning: translatable('How far the classifier differs from the class means. 0 under full collapse.'),
    definition: '|| W / ||W||_F - M / ||M||_F ||_F, M = class means - their mean',
    unit: 'none',
    better: null,
    on: 'labelled samples',
  },
  nc4: {
    label: translatable('NC4'),
    meaning: translatable('How often the network decides for the class with the nearest mean.'),
    definition: 'share of decisions equal to the nearest class mean',
    unit: 'share',
    better: null,
    on: 'labelled samples',
  },
  lidar: {
    label: translatable('LiDAR'),
    meaning: translatable('How many directions tell samples apart more than augmentation moves them.'),
    definition: 'exp(-sum p ln p), p = share of eig(Sw^-1/2 Sb Sw^-1/2) + 1e-8, Sw + 1e-4 I, Sb / n, Sw / nq',
    unit: 'none',
    // Thilak et al. 2024, who select models by it.
    better: 'higher',
    on: 'objects',
  },
  alignment: {
    label: translatable('Alignment'),
    meaning: translatable('Distance between two augmented views of a sample.'),
    definition: 'mean ||z - z+||^2, L2-normalised, two augmented views',
    unit: 'none',
    // Wang and Isola 2020: a loss, together with uniformity.
    better: 'lower',
    on: 'pairs',
  },
  uniformity: {
    label: translatable('Uniformity'),
    meaning: translatable('How evenly representations fill the sphere. More negative is more even.'),
    definition: 'ln mean exp(-2 ||z_i - z_j||^2) over all pairs, L2-normalised, first views',
    unit: 'none',
    // Wang and Isola 2020: a loss, together with alignment.
    better: 'lower',
    on: 'pairs',
  },
  effectiveNumber: {
    label: translatable('Effective number of features'),
    meaning: translatable('Over how many features the feature weights are spread.'),
    definition: '(sum w)^2 / sum w^2 of the feature weights',
    unit: 'none',
    better: null,
    on: 'feature weights',
    terminal: 'features',
  },
  gini: {
    label: translatable('Gini of the feature weights'),
    meaning: translatable('How unequal the feature weights are. 0 when all are the same.'),
    definition: 'sum (2i - n - 1) w_(i) / (n sum w), w ascending, of the feature weights',
    unit: 'none',
    better: null,
    on: 'feature weights',
  },
} as const satisfies Record<RepresentationMeasure, RepresentationEntry>;

/** In the order in which documents define them. */
export const REPRESENTATION_MEASURES: Readonly<Record<RepresentationMeasure, RepresentationEntry>> = TABLE;

/** The measures made from one of these, so that the compiler names those that nothing computes. */
export type MeasuresOn<Source extends MeasuredOn> = {
  [Key in RepresentationMeasure]: (typeof TABLE)[Key]['on'] extends Source ? Key : never;
}[RepresentationMeasure];

/** The entry of a key in a document, which may be of another version. */
export const representationEntry = (key: string): RepresentationEntry | undefined =>
  Object.hasOwn(TABLE, key) ? TABLE[key as RepresentationMeasure] : undefined;

import * as z from 'zod';
import { isNonnegative, isNumber, longList } from './longList.ts';
import type { MeasuresOn } from './measures.ts';
import { isOutcomesOf } from './outcomes.ts';
import { PROBE_METHODS } from './probeMethods.ts';

/**
 * The analysis document (`analysis.json`): what `inspect` writes and what every figure, table, report and
 * recommendation reads. Measures that could not be computed are cell states (`null` with a reason), never absent.
 */

export const ANALYSIS_VERSION = 2;

/** Version 1 kept no outcome per sample, and chose and reported on the same samples. */
const versionSchema = z.literal([1, ANALYSIS_VERSION], 'is not a version that this Pentimento reads');

/** A number with the reason when there is none, and its standard form printed beside it. */
export const measureSchema = z.strictObject({
  value: z.number().nullable(),
  /** Why there is no value, or a caution about it ("capped by 40 samples"). */
  note: z.string().optional(),
  /** 95 % interval of the value over samples like these, where it is known: see `definitions.measureInterval`. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** A value that is only known to exceed this: `value` is null then. */
  above: z.number().optional(),
});

const accuracySchema = z.strictObject({
  accuracy: z.number().min(0).max(1).nullable(),
  /** 95 % Wilson score interval. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  samples: z.int().nonnegative(),
});

const groupAccuracySchema = accuracySchema.extend({
  group: z.string(),
  trainSamples: z.int().nonnegative(),
});

/** The score on one set of samples that the probe was not fitted on. */
const evaluationSchema = accuracySchema.extend({
  /** What `score` of the probe says: R² is negative for what is worse than the mean. */
  accuracy: z.number().max(1).nullable(),
  /** `test`, the name of a shift, or where the predictions out of fold come from. */
  on: z.string(),
  /**
   * Which samples were predicted right (`packOutcomes`), one group after the other in the order of `groups`, and
   * within a group in the order of the data; of R² what each adds to it (`packParts`). Null in version 1.
   */
  outcomes: z.base64().nullable().default(null),
  /** Of a few-shot probe: the accuracy of each draw of labelled samples, on its part of the samples. */
  byDraw: z.array(z.number().min(0).max(1)).optional(),
  groups: z.array(groupAccuracySchema),
  /** Lowest accuracy over groups that have samples; null without groups. */
  worstGroup: groupAccuracySchema.nullable(),
  /** Group accuracies averaged with the training proportions of the groups; null without groups. */
  trainWeightedAccuracy: z.number().nullable(),
});

const isWhole = ({ outcomes, samples }: { outcomes: string | null; samples: number }): boolean =>
  outcomes === null || isOutcomesOf(outcomes, samples);
const NOT_WHOLE = { message: 'has outcomes of another number of samples', path: ['outcomes'] };

/** A value with its 95 % interval over samples like these. */
const estimateSchema = z.strictObject({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]),
});

/**
 * What layers are ranked by: predictions of labelled samples that neither the encoder's training label nor the probe
 * that predicts them has seen.
 */
const outOfFoldSchema = evaluationSchema.extend({
  on: z.enum(['train', 'validation', 'own']),
  /** Every sample is predicted by a probe that was fitted on the other folds; 0: by one fitted on `train`. */
  folds: z.int().nonnegative(),
  /** Usable information about the label, in bits: see `definitions.information`. Only of a probe with probabilities. */
  information: estimateSchema.optional(),
});

/**
 * What `accuracy` of a probe is: the share of samples that are predicted right, or, of a continuous factor, R²: see
 * `definitions.rSquared`.
 */
const scoreSchema = z.enum(['accuracy', 'R²']);

const probeSchema = z.strictObject({
  task: z.string(),
  factor: z.string(),
  /** Null for a continuous factor. */
  classes: z.int().positive().nullable(),
  method: z.enum(PROBE_METHODS),
  score: scoreSchema.default('accuracy'),
  trainSamples: z.int().positive(),
  evaluations: z.array(evaluationSchema.refine(isWhole, NOT_WHOLE)),
  /** Null in version 1, and where there are too few samples. */
  outOfFold: outOfFoldSchema.refine(isWhole, NOT_WHOLE).nullable().default(null),
  /** Inverse strength of the penalty of a logistic probe or mlp, chosen out of fold; null for other probes and in version 1. */
  c: z.number().positive().nullable().default(null),
  /** Penalty of a ridge regression, chosen in the same way. */
  alpha: z.number().positive().optional(),
  /** The same probe fitted on shuffled training labels, scored on the test split. */
  shuffledNull: accuracySchema.extend({ accuracy: z.number().max(1).nullable() }),
  /**
   * The score on the test split of always predicting the most frequent class of training, or the mean; null without
   * samples.
   */
  majority: z.number().max(1).nullable().default(null),
  /** A probe that could not be fitted, and why (`evaluations` is then empty), or a caution about one that was. */
  note: z.string().optional(),
});

const featureWeightSchema = z.strictObject({
  feature: z.string(),
  /** Gain per unit of the feature: see `definitions.featureWeight`. */
  weight: z.number().nonnegative(),
  /** 95 % interval of the weight over samples like these; exact moments need none. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Share of the variance that the feature explains: see `definitions.etaSquared`. */
  etaSquared: estimateSchema.optional(),
  /** What the usual probe of a task with this factor can use, in bits: see `definitions.information`. */
  information: estimateSchema.optional(),
  absent: z.boolean(),
  /** Downstream or training factor, synthetic coordinate, or principal input direction. */
  source: z.enum(['factor', 'coordinate', 'direction']),
  /** Why the weight is 0 because there is no way to measure it. */
  note: z.string().optional(),
});

const WEIGHT_SOURCES: readonly unknown[] = featureWeightSchema.shape.source.options;

const isInterval = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);

/** Those that layers of thousands of features have: without estimates and notes. */
const isFeatureWeight = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { feature, weight, absent, source, interval } = value as Record<string, unknown>;
  return (
    Object.keys(value).length === (interval === undefined ? 4 : 5) &&
    typeof feature === 'string' &&
    isNonnegative(weight) &&
    typeof absent === 'boolean' &&
    WEIGHT_SOURCES.includes(source) &&
    (interval === undefined || isInterval(interval))
  );
};

/** Of spectra, and their errors. */
const magnitudesSchema = longList(z.number().nonnegative(), isNonnegative);
const cellsSchema = longList(z.number().nullable(), (cell) => cell === null || isNumber(cell));

const layerPartSchema = z.enum(['input', 'encoder', 'head', 'classifier']);

export const layerAnalysisSchema = z.strictObject({
  name: z.string(),
  part: layerPartSchema,
  /** The encoder's last layer and the head's last layer have established names. */
  role: z.enum(['input', 'inner', 'pre-projection', 'post-projection', 'classifier']),
  dimensions: z.int().positive(),
  /** That the spectra are of; 0 for exact moments. */
  samples: z.int().nonnegative(),
  /** How a map became a vector: `average over positions`, or `none`. */
  pooling: z.string(),
  /** Singular values of the samples x dimensions matrix, uncentred, descending. */
  singularValues: magnitudesSchema,
  centredSingularValues: magnitudesSchema,
  /** Standard error of each over samples like these: see `definitions.measureInterval`. Exact moments have none. */
  singularValueErrors: magnitudesSchema.optional(),
  centredSingularValueErrors: magnitudesSchema.optional(),
  measures: z.record(z.string(), measureSchema),
  featureWeights: longList(featureWeightSchema, isFeatureWeight),
  /** Inequality of the feature weights. */
  inequality: z.strictObject({ effectiveNumber: measureSchema, gini: measureSchema } satisfies Record<
    MeasuresOn<'feature weights'>,
    unknown
  >),
  /** Generalised eigenvalues of (positive-pair moment, second moment), descending; empty without views. */
  viewCorrelation: longList(z.number(), isNumber),
  viewCorrelationErrors: magnitudesSchema.optional(),
  probes: z.array(probeSchema),
});

export const analysisSchema = z.strictObject({
  version: versionSchema,
  experiment: z.string(),
  seed: z.int(),
  epoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  backend: z.string(),
  dataHash: z.string(),
  samples: z.strictObject({ train: z.int().nonnegative(), test: z.int().nonnegative() }),
  /** What makes numbers here better than they should be, such as samples in two splits. */
  cautions: z.array(z.string()).optional(),
  /** The probe that layers are ranked by unless another one is asked for. */
  usualMethod: z.enum(PROBE_METHODS).default('logistic-standardised'),
  /** Short printed form of every measure used, by key. */
  definitions: z.record(z.string(), z.string()),
  layers: z.array(layerAnalysisSchema).min(1),
  /** Probes of the same layers with the initial parameters of the run; null when they were not made. */
  untrained: z
    .array(z.strictObject({ layer: z.string(), probes: z.array(probeSchema) }))
    .nullable()
    .default(null),
  /** Debiased linear CKA between layers, in the order of `layers`; null cells when it cannot be computed. */
  similarity: z.strictObject({
    samples: z.int().nonnegative(),
    cka: z.array(cellsSchema),
    /** Standard error of every cell over samples like these; exact moments have none. */
    errors: z.array(cellsSchema).optional(),
  }),
  /** Features whose weight is below the threshold, by layer, and the threshold in words. */
  absent: z.strictObject({ threshold: z.string(), byLayer: z.record(z.string(), z.array(z.string())) }),
  /** Weights that theory predicts, if the model has a closed form. */
  theory: z
    .strictObject({
      source: z.string(),
      layers: z.array(
        z.strictObject({
          layer: z.string(),
          weights: z.array(z.strictObject({ feature: z.string(), weight: z.number() })),
        }),
      ),
    })
    .nullable(),
  /** Why theory predicts nothing for this training on synthetic data. */
  noTheory: z.string().optional(),
});

export type Measure = z.output<typeof measureSchema>;
export type Estimate = z.output<typeof estimateSchema>;
export type Evaluation = z.output<typeof evaluationSchema>;
export type OutOfFold = z.output<typeof outOfFoldSchema>;
export type GroupAccuracy = z.output<typeof groupAccuracySchema>;
export type Probe = z.output<typeof probeSchema>;
export type ProbeScore = z.output<typeof scoreSchema>;
export type FeatureWeight = z.output<typeof featureWeightSchema>;
export type LayerAnalysis = z.output<typeof layerAnalysisSchema>;
export type Analysis = z.output<typeof analysisSchema>;

import * as z from 'zod';

const intervalSchema = z.tuple([z.number(), z.number()]);

const scoreSchema = z.strictObject({
  accuracy: z.number(),
  /** 95 %. */
  interval: intervalSchema,
  samples: z.int(),
});

const candidateSchema = scoreSchema.extend({
  layer: z.string(),
  /** The group that `accuracy` is about, when that of the worst group is maximised. */
  group: z.string().nullable(),
  /** How far `accuracy` is below that of the best layer, on the same samples, and the standard error of that. */
  loss: z.number(),
  lossError: z.number(),
  /** Cannot be told apart from the best layer: loss <= 1.645 lossError. */
  near: z.boolean(),
  /** On the samples that the result is reported on, which did not take part in the choice unless `on` says so. */
  reported: scoreSchema
    .extend({ worstGroup: scoreSchema.extend({ group: z.string() }).nullable() })
    .nullable(),
});

/** What the recommended layer is compared with, on the reported samples. */
const comparisonSchema = z.strictObject({
  with: z.enum(['raw input', 'untrained encoder', 'pre-projection layer', 'last layer']),
  layer: z.string(),
  accuracy: z.number(),
  /** Accuracy of the recommended layer less this one's, in pairs, with its 95 % interval. */
  gain: z.number(),
  interval: intervalSchema,
});

/** Of a task with a categorical factor. */
export const CRITERIA = ['accuracy', 'worst-group accuracy'] as const;

export const recommendationSchema = z.strictObject({
  task: z.string(),
  method: z.string(),
  /** What is maximised; the layers of a continuous factor have R² as their `accuracy`. */
  criterion: z.enum([...CRITERIA, 'R²']),
  /** The earliest layer that with 95 % confidence loses at most this share is recommended; null: the best one. */
  within: z.number().nonnegative().nullable(),
  /** The samples that layers are ranked on; see `outOfFold` of a probe. */
  ranked: z.strictObject({ on: z.string(), samples: z.int(), folds: z.int() }),
  /** The samples that the result is reported on: `test`, or the set that was asked for, which then ranks too. */
  on: z.string(),
  verdict: z.enum(['clear', 'no clear winner']),
  /** What the recommended layer does not beat, with 95 % confidence, on the reported samples. */
  unbeaten: z.array(z.enum(['chance', 'raw input', 'untrained encoder'])),
  recommended: candidateSchema,
  runnerUp: candidateSchema.nullable(),
  best: candidateSchema,
  /** Every layer with a probe, best first. */
  ranking: z.array(candidateSchema),
  comparisons: z.array(comparisonSchema),
  /** By how much the accuracy of the best of the two highest layers is expected to be too high. */
  optimism: z.number().nonnegative(),
  reason: z.string(),
});
export type Candidate = z.output<typeof candidateSchema>;
export type Comparison = z.output<typeof comparisonSchema>;
export type Criterion = (typeof CRITERIA)[number];
export type Recommendation = z.output<typeof recommendationSchema>;

/** A balanced linear network on augmented views, to which the theory applies. */
export interface TheoryQuestion {
  /** phi_j > 0. */
  readonly strengths: readonly number[];
  /** sigma_j >= 0 of the additive augmentation. */
  readonly noise: readonly number[];
  /** Then: probability that the feature is set to 0, and that it is drawn again. Default: 0. */
  readonly drop?: readonly number[];
  readonly resample?: readonly number[];
  /** Which views are augmented. Default: both. */
  readonly views?: 'both' | 'first';
  /** Lambda of lambda / 2 times the squared norm of all layers, in the gradient. Default: 0. */
  readonly weightDecay?: number;
  /** L, the number of linear layers. */
  readonly layers: number;
  /** phihat_j: strengths in the downstream data. Default: those of the training data. */
  readonly downstreamStrengths?: readonly number[];
}

export const theorySchema = z.strictObject({
  strengths: z.array(z.number()),
  noise: z.array(z.number()),
  drop: z.array(z.number()),
  resample: z.array(z.number()),
  views: z.enum(['both', 'first']),
  weightDecay: z.number().nonnegative(),
  /** phihat_j, the strengths in the downstream data. */
  downstreamStrengths: z.array(z.number()),
  layers: z.array(z.strictObject({ layer: z.int(), weights: z.array(z.number()) })),
  /** For each feature as the downstream one: pre or post, the threshold tau, and the best depth. */
  features: z.array(
    z.strictObject({
      feature: z.int(),
      postWeight: z.number(),
      tau: z.number().nullable(),
      prefer: z.enum(['pre', 'post', 'either']),
      /** Real-valued optimum l / L in [0, 1], and the layer nearest to it by sample complexity. */
      bestDepthFraction: z.number(),
      bestLayer: z.int(),
    }),
  ),
});
export type TheoryDocument = z.output<typeof theorySchema>;

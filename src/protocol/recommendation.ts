import * as z from 'zod';

const candidateSchema = z.strictObject({
  layer: z.string(),
  accuracy: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  standardError: z.number(),
  samples: z.int(),
});

export const recommendationSchema = z.strictObject({
  task: z.string(),
  method: z.string(),
  /** `test` or the name of a shift. */
  on: z.string(),
  /** What is maximised. */
  criterion: z.enum(['accuracy', 'worst-group accuracy']),
  verdict: z.enum(['clear', 'no clear winner']),
  recommended: candidateSchema,
  runnerUp: candidateSchema.nullable(),
  best: candidateSchema,
  /** Every layer with a probe, best first. */
  ranking: z.array(candidateSchema),
  reason: z.string(),
});
export type Candidate = z.output<typeof candidateSchema>;
export type Recommendation = z.output<typeof recommendationSchema>;

/** A balanced linear network under additive noise, to which the theory applies. */
export interface TheoryQuestion {
  /** phi_j > 0. */
  readonly strengths: readonly number[];
  /** sigma_j >= 0 of the additive augmentation. */
  readonly noise: readonly number[];
  /** L, the number of linear layers. */
  readonly layers: number;
  /** phihat_j: strengths in the downstream data. Default: those of the training data. */
  readonly downstreamStrengths?: readonly number[];
}

export const theorySchema = z.strictObject({
  strengths: z.array(z.number()),
  noise: z.array(z.number()),
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

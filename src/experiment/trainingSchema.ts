import { z } from 'zod';
import { count, positive } from './values.ts';

const temperature = positive.default(0.5);
const label = z.string().min(1).describe('The factor that is the training label.');
export const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('spectral') }).describe('-2 E f(x).f(x+) + E (f(x).f(x-))^2.'),
  z.strictObject({ kind: z.literal('supervised-spectral'), label }),
  z.strictObject({ kind: z.literal('nt-xent'), temperature }),
  z
    .strictObject({
      kind: z.literal('supervised-contrastive'),
      temperature,
      label,
      views: z.union([z.literal(1), z.literal(2)]).default(2),
    })
    .describe('Khosla et al., L_out.'),
  z.strictObject({ kind: z.literal('cross-entropy'), label }),
  z.strictObject({ kind: z.literal('mean-squared-error'), label }),
]);

const learningRate = positive;
const weightDecay = z.number().nonnegative().default(0);
const beta = z.number().min(0).lt(1);
export const optimiserSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), learningRate, momentum: beta.default(0), weightDecay }),
  z.strictObject({
    kind: z.literal('adam'),
    learningRate,
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
    weightDecay: weightDecay.describe('Added to the gradient (L2).'),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    learningRate,
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
    weightDecay: z.number().nonnegative().default(0.01).describe('Decoupled.'),
  }),
]);

const warmupEpochs = z.number().nonnegative().default(0);
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmupEpochs }),
  z.strictObject({
    kind: z.literal('step'),
    milestones: z.array(count).min(1).describe('Epochs after which the rate is multiplied by gamma.'),
    gamma: positive.default(0.1),
    warmupEpochs,
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    finalFraction: z.number().min(0).max(1).default(0),
    warmupEpochs,
  }),
]);

export type LossSpec = z.output<typeof lossSchema>;
export type OptimiserSpec = z.output<typeof optimiserSchema>;
export type ScheduleSpec = z.output<typeof scheduleSchema>;

import * as z from 'zod';
import { count, positive } from './values.ts';

const temperature = positive.default(0.5).describe('Similarities are divided by it before the softmax.');
const label = z
  .string()
  .min(1)
  .meta({ description: 'The factor that is the training label.', examples: ['label'] });
export const lossSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('spectral') })
    .describe('Spectral contrastive loss: -2 E f(x).f(x+) + E (f(x).f(x-))^2 (HaoChen et al. 2021).'),
  z
    .strictObject({ kind: z.literal('supervised-spectral'), label })
    .describe('The same, with samples of one label as positive pairs.'),
  z
    .strictObject({ kind: z.literal('nt-xent'), temperature })
    .describe('The contrastive loss of SimCLR (Chen et al. 2020).'),
  z
    .strictObject({
      kind: z.literal('supervised-contrastive'),
      temperature,
      label,
      views: z
        .union([z.literal(1), z.literal(2)])
        .default(2)
        .describe('Augmented copies of each sample.'),
    })
    .describe('Supervised contrastive loss L_out (Khosla et al. 2020).'),
  z
    .strictObject({ kind: z.literal('cross-entropy'), label })
    .describe('A classifier on the output of the head.'),
  z
    .strictObject({ kind: z.literal('mean-squared-error'), label })
    .describe('A linear classifier with one output per class, trained on one-hot labels.'),
]);

const learningRate = positive.meta({ description: 'Size of a step, before the schedule.', examples: [0.05] });
const weightDecay = z.number().nonnegative().default(0).describe('Added to the gradient (L2).');
const beta1 = () => beta.default(0.9).describe('Decay of the average of gradients.');
const beta2 = () => beta.default(0.999).describe('Decay of the average of their squares.');
const epsilon = positive.default(1e-8).describe('Added to the root of that average.');
const beta = z.number().min(0).lt(1);
export const optimiserSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('sgd'),
      learningRate,
      momentum: beta.default(0).describe('Share of the last step that is added to the next.'),
      weightDecay,
    })
    .describe('Stochastic gradient descent.'),
  z
    .strictObject({
      kind: z.literal('adam'),
      learningRate,
      beta1: beta1(),
      beta2: beta2(),
      epsilon,
      weightDecay,
    })
    .describe('Adam, with weight decay in the gradient.'),
  z
    .strictObject({
      kind: z.literal('adamw'),
      learningRate,
      beta1: beta1(),
      beta2: beta2(),
      epsilon,
      weightDecay: z.number().nonnegative().default(0.01).describe('Decoupled from the gradient.'),
    })
    .describe('Adam with decoupled weight decay.'),
]);

const warmupEpochs = z
  .number()
  .nonnegative()
  .default(0)
  .describe('Epochs in which the rate grows from 0 to its full size.');
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmupEpochs }).describe('The same rate throughout.'),
  z
    .strictObject({
      kind: z.literal('step'),
      milestones: z
        .array(count)
        .min(1)
        .meta({ description: 'Epochs after which the rate is multiplied by gamma.', examples: [[60, 80]] }),
      gamma: positive.default(0.1).describe('Factor at each milestone.'),
      warmupEpochs,
    })
    .describe('The rate falls at milestones.'),
  z
    .strictObject({
      kind: z.literal('cosine'),
      finalFraction: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('Share of the rate that is left at the end.'),
      warmupEpochs,
    })
    .describe('The rate falls along half a cosine.'),
]);

export type LossSpec = z.output<typeof lossSchema>;
export type OptimiserSpec = z.output<typeof optimiserSchema>;
export type ScheduleSpec = z.output<typeof scheduleSchema>;

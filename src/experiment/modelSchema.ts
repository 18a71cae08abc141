import * as z from 'zod';
import { count, positive } from './values.ts';

const initialScale = positive
  .optional()
  .describe(
    'Scale of the balanced, orthogonal initial weight matrices. Default: chosen for the kind of layer.',
  );

const threshold = z
  .number()
  .nonnegative()
  .default(0)
  .describe('b in the symmetrised ReLU S_b(x) = relu(x - b) - relu(-x - b).');
const batchNorm = (on: boolean) => z.boolean().default(on).describe('Batch normalisation after each layer.');

export const encoderSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('linear'),
      widths: z
        .array(count)
        .min(1)
        .meta({ description: 'Output width of each layer.', examples: [[64]] }),
      initialScale,
    })
    .describe('Linear layers without bias: x -> W_n ... W_1 x.'),
  z
    .strictObject({
      kind: z.literal('diagonal'),
      depth: count.default(1).describe('Number of layers.'),
      threshold,
      trainThreshold: z.boolean().default(false).describe('Train b, too.'),
      initialScale,
    })
    .describe('Diagonal layers: x_j -> w_j x_j, with the symmetrised ReLU between them.'),
  z
    .strictObject({
      kind: z.literal('mlp'),
      widths: z
        .array(count)
        .min(1)
        .meta({ description: 'Output width of each layer.', examples: [[256, 128]] }),
      batchNorm: batchNorm(false),
    })
    .describe('Dense layers with bias and ReLU.'),
  z
    .strictObject({
      kind: z.literal('cnn'),
      widths: z.array(count).min(1).default([32, 64, 128]).describe('Channels of each convolution.'),
      batchNorm: batchNorm(true),
    })
    .describe('3 x 3 convolutions, stride 2 from the second on, then the average over positions.'),
  z
    .strictObject({
      kind: z.literal('resnet18-cifar'),
      width: count
        .default(64)
        .describe('Channels of the first stage; the others have 2, 4 and 8 times as many.'),
    })
    .describe('ResNet-18 for small images: a 3 x 3 stem without pooling.'),
]);

export const headSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).describe('No head: the loss sees the output of the encoder.'),
  z
    .strictObject({
      kind: z.literal('linear'),
      width: count.meta({ description: 'Output width.', examples: [16] }),
      initialScale,
    })
    .describe('One linear layer without bias.'),
  z
    .strictObject({
      kind: z.literal('mlp'),
      widths: z
        .array(count)
        .min(1)
        .meta({ description: 'Hidden widths, then the output width.', examples: [[128, 64]] }),
      batchNorm: batchNorm(false),
    })
    .describe('Dense layers with ReLU between them: the usual projection head.'),
  z
    .strictObject({
      kind: z.literal('symmetric-relu'),
      weights: z
        .enum(['full', 'diagonal'])
        .default('full')
        .describe(
          'full: a linear layer, S_b, a linear layer, the identity at the start. diagonal: w * S_b(h).',
        ),
      threshold,
      trainThreshold: z.boolean().default(true).describe('Train b, too.'),
      initialScale: positive.default(1).describe('Scale of the initial weight matrices.'),
    })
    .describe('The symmetrised ReLU between trained weights, which removes features below its threshold.'),
  z
    .strictObject({
      kind: z.literal('reweighting'),
      kappa: z
        .number()
        .min(1)
        .meta({ description: 'z_i = h_i * kappa^-i, i = 0 ... D-1. 1 changes nothing.', examples: [1.1] }),
    })
    .describe(
      'A fixed head without parameters that weights dimensions less and less: one number in place of an MLP.',
    ),
]);

export type EncoderSpec = z.output<typeof encoderSchema>;
export type HeadSpec = z.output<typeof headSchema>;

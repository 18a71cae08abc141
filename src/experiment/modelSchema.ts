import { z } from 'zod';
import { count, positive } from './values.ts';

const initialScale = positive
  .optional()
  .describe('Scale of the (balanced, orthogonal) initial weights. Default: chosen for the layer kind.');

export const encoderSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('linear'),
      widths: z.array(count).min(1).describe('Output width of each layer.'),
      initialScale,
    })
    .describe('x -> W_n ... W_1 x, no bias.'),
  z
    .strictObject({
      kind: z.literal('diagonal'),
      depth: count.default(1),
      threshold: z.number().nonnegative().default(0),
      trainThreshold: z.boolean().default(false),
      initialScale,
    })
    .describe('x_j -> w_j x_j, with the symmetrised ReLU S_b between layers.'),
  z.strictObject({
    kind: z.literal('mlp'),
    widths: z.array(count).min(1),
    batchNorm: z.boolean().default(false),
  }),
  z
    .strictObject({
      kind: z.literal('cnn'),
      widths: z.array(count).min(1).default([32, 64, 128]),
      batchNorm: z.boolean().default(true),
    })
    .describe('3x3 convolutions, stride 2 from the second on, then a global average.'),
  z.strictObject({
    kind: z.literal('resnet18-cifar'),
    width: count.default(64).describe('Channels of the first stage.'),
  }),
]);

export const headSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('linear'), width: count, initialScale }),
  z.strictObject({
    kind: z.literal('mlp'),
    widths: z.array(count).min(1).describe('Hidden widths, then the output width.'),
    batchNorm: z.boolean().default(false),
  }),
  z
    .strictObject({
      kind: z.literal('symmetric-relu'),
      weights: z.enum(['full', 'diagonal']).default('full'),
      threshold: z.number().nonnegative().default(0),
      trainThreshold: z.boolean().default(true),
      initialScale: positive.default(1),
    })
    .describe('full: Linear(I), S_b, Linear(I), the identity at start. diagonal: w * S_b(h).'),
  z.strictObject({
    kind: z.literal('reweighting'),
    kappa: z.number().min(1).describe('z_i = h_i * kappa^-i, i = 0 ... D-1; no parameters.'),
  }),
]);

export type EncoderSpec = z.output<typeof encoderSchema>;
export type HeadSpec = z.output<typeof headSchema>;

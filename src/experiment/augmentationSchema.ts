import { z } from 'zod';
import { perFeature, perFeatureProbability, positive, probability } from './values.ts';

const views = z.enum(['first', 'both']).default('both').describe('Which of the two views it is applied to.');
const pair = (low: number, high: number) => z.tuple([positive, positive]).default([low, high]);

export const augmentationSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('additive'),
      sigma: perFeature,
      noise: z.enum(['rademacher', 'gaussian']).default('gaussian'),
      views,
    })
    .describe('Synthetic: phi_j h_j + sigma_j xi_j.'),
  z
    .strictObject({ kind: z.literal('drop'), probability: perFeatureProbability, views })
    .describe('Synthetic: feature j is zeroed with probability p_j.'),
  z
    .strictObject({ kind: z.literal('resample'), probability: perFeatureProbability, views })
    .describe('Synthetic: h_j is redrawn with probability p_j.'),
  z
    .strictObject({
      kind: z.literal('drop-digit'),
      probability: probability.default(0.75).describe('The probability that the digit is removed.'),
      views: z.enum(['first', 'both']).default('first'),
    })
    .describe('digits-on-clothes: shows the clothes without the digit.'),
  z.strictObject({
    kind: z.literal('random-resized-crop'),
    scale: pair(0.2, 1),
    ratio: pair(3 / 4, 4 / 3),
    views,
  }),
  z.strictObject({ kind: z.literal('horizontal-flip'), probability: probability.default(0.5), views }),
  z.strictObject({
    kind: z.literal('colour-jitter'),
    probability: probability.default(0.8),
    brightness: z.number().nonnegative().default(0.4),
    contrast: z.number().nonnegative().default(0.4),
    saturation: z.number().nonnegative().default(0.4),
    hue: z.number().min(0).max(0.5).default(0.1),
    views,
  }),
  z.strictObject({ kind: z.literal('greyscale'), probability: probability.default(0.2), views }),
  z.strictObject({
    kind: z.literal('gaussian-blur'),
    probability: probability.default(0.5),
    sigma: pair(0.1, 2),
    views,
  }),
  z.strictObject({
    kind: z.literal('gaussian-noise'),
    sigma: positive,
    probability: probability.default(1),
    views,
  }),
]);

export type AugmentationSpec = z.output<typeof augmentationSchema>;

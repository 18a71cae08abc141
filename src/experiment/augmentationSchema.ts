import * as z from 'zod';
import { perFeature, perFeatureProbability, positive, probability } from './values.ts';

const views = z.enum(['first', 'both']).default('both').describe('Which of the two views it is applied to.');
const pair = (low: number, high: number, description: string) =>
  z.tuple([positive, positive]).default([low, high]).describe(`${description}, from least to most.`);
const applied = (often: number) =>
  probability.default(often).describe('The probability that it is applied to a sample.');
const jitter = (of: string) =>
  z.number().nonnegative().default(0.4).describe(`Largest change of the ${of}, as a share.`);

export const augmentationSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('additive'),
      sigma: perFeature.meta({ examples: [0.5] }),
      noise: z
        .enum(['rademacher', 'gaussian'])
        .default('gaussian')
        .describe('The distribution of the noise xi_j.'),
      views,
    })
    .describe('Synthetic: phi_j h_j + sigma_j xi_j.'),
  z
    .strictObject({
      kind: z.literal('drop'),
      probability: perFeatureProbability.meta({ examples: [0.5] }),
      views,
    })
    .describe('Synthetic: feature j is zeroed with probability p_j.'),
  z
    .strictObject({
      kind: z.literal('resample'),
      probability: perFeatureProbability.meta({ examples: [0.5] }),
      views,
    })
    .describe('Synthetic: h_j is redrawn with probability p_j.'),
  z
    .strictObject({
      kind: z.literal('drop-digit'),
      probability: probability.default(0.75).describe('The probability that the digit is removed.'),
      views: z.enum(['first', 'both']).default('first').describe('Which of the two views it is applied to.'),
    })
    .describe('digits-on-clothes: shows the clothes without the digit.'),
  z
    .strictObject({
      kind: z.literal('random-resized-crop'),
      scale: pair(0.2, 1, 'Share of the image that is kept'),
      ratio: pair(3 / 4, 4 / 3, 'Width of the crop over its height'),
      views,
    })
    .describe('Images: a random part, resized to the whole.'),
  z
    .strictObject({ kind: z.literal('horizontal-flip'), probability: applied(0.5), views })
    .describe('Images: left and right change places.'),
  z
    .strictObject({
      kind: z.literal('colour-jitter'),
      probability: applied(0.8),
      brightness: jitter('brightness'),
      contrast: jitter('contrast'),
      saturation: jitter('saturation'),
      hue: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.1)
        .describe('Largest turn of the hue, 1 being a full circle.'),
      views,
    })
    .describe('Images: brightness, contrast, saturation and hue change at random.'),
  z
    .strictObject({ kind: z.literal('greyscale'), probability: applied(0.2), views })
    .describe('Images: all channels get the luminance.'),
  z
    .strictObject({
      kind: z.literal('gaussian-blur'),
      probability: applied(0.5),
      sigma: pair(0.1, 2, 'Standard deviation of the blur, in pixels'),
      views,
    })
    .describe('Images: a blur of random width.'),
  z
    .strictObject({
      kind: z.literal('gaussian-noise'),
      sigma: positive.meta({ description: 'Standard deviation of the noise.', examples: [0.1] }),
      probability: applied(1),
      views,
    })
    .describe('Adds normal noise to every value.'),
]);

export type AugmentationSpec = z.output<typeof augmentationSchema>;

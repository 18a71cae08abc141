import * as z from 'zod';

/** Value types that several parts of the schema share. */

/** What an experiment may be called: its run's folder has the name. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]*$/;
export const positive = z.number().positive();
export const count = z.int().positive();
export const probability = z.number().min(0).max(1);
export const perFeature = z
  .union([z.number().nonnegative(), z.array(z.number().nonnegative()).min(1)])
  .describe('One value for every feature, or one per feature.');
export const perFeatureProbability = z
  .union([probability, z.array(probability).min(1)])
  .describe('One probability for every feature, or one per feature.');
export const path = z.string().min(1).describe('A path, relative to the experiment file.');

import * as z from 'zod';
import { type LayerSpectrum, measureSchema } from '../protocol/index.ts';

/** Version of results kept on disk: increase it when any number in them would change. */
export const RESULT_VERSION = 3;

const numberOrNone = z.number().nullable();
const spectrumSchema = z.strictObject({
  version: z.literal(RESULT_VERSION),
  layer: z.string(),
  method: z.enum(['exact', 'estimate']),
  singularValues: z.array(z.number()),
  error: z.strictObject({ values: z.array(z.number()), distribution: z.number() }).nullable(),
  distribution: z.array(z.tuple([z.number(), z.number()])).nullable(),
  shuffled: z.array(z.number()).nullable(),
  metrics: z.record(z.string(), measureSchema),
  statistics: z.strictObject({
    count: z.number(),
    nan: z.number(),
    infinite: z.number(),
    zero: z.number(),
    min: numberOrNone,
    max: numberOrNone,
    mean: numberOrNone,
    standardDeviation: numberOrNone,
  }),
  entries: z.strictObject({
    rows: z.number(),
    columns: z.number(),
    zeroRows: z.number(),
    zeroColumns: z.number(),
    fingerprint: z.string(),
  }),
});

/** A kept spectrum; null if it is damaged or has another version. */
export const parseSpectrum = (text: string): LayerSpectrum | null => {
  try {
    const { version: _, ...spectrum } = spectrumSchema.parse(JSON.parse(text));
    return spectrum;
  } catch {
    return null;
  }
};

export const formatSpectrum = (spectrum: LayerSpectrum): string =>
  JSON.stringify({ version: RESULT_VERSION, ...spectrum });

import * as z from 'zod';
import { layerAnalysisSchema } from './analysis.ts';

/** `inspection.json`: what was inspected, with what; `inspection` is the validated file with its defaults filled in. */
export const inspectionRecordSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The folder that the path of the recording is resolved against. */
  baseDirectory: z.string(),
  inspection: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.string()),
  created: z.string(),
  command: z.string().optional(),
});
export type InspectionRecord = z.output<typeof inspectionRecordSchema>;

/** `unfinished.json`: the layers that an inspection has measured, until it has measured all. */
export const unfinishedSchema = z.strictObject({
  version: z.literal(1),
  /** Identifies what was asked, and with what. */
  key: z.string(),
  /** As in the analysis. */
  dataHash: z.string(),
  layers: z.array(layerAnalysisSchema),
});
export type Unfinished = z.output<typeof unfinishedSchema>;

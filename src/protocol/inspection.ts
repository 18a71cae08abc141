import * as z from 'zod';

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

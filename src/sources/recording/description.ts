import * as z from 'zod';
import { inputFault } from '../../protocol/index.ts';

/** Key of `__metadata__` of a safetensors file. */
export const DESCRIPTION_KEY = 'pentimento.recording';

const layerSchema = z.strictObject({
  part: z.enum(['input', 'encoder', 'head', 'classifier']),
  role: z.enum(['input', 'inner', 'pre-projection', 'post-projection', 'classifier']),
  /** How a map or a sequence became a vector, in words. */
  pooling: z.string(),
});

/** What arrays alone do not say about a recording. Every part has a default. */
const descriptionSchema = z.strictObject({
  version: z.literal(1),
  /** The model, as the recording's author calls it. */
  model: z.string().optional(),
  seed: z.int().min(0).max(0xffffffff).optional(),
  epoch: z.int().nonnegative().optional(),
  step: z.int().nonnegative().optional(),
  /** By name. */
  layers: z.record(z.string(), layerSchema).optional(),
  /** Order of the labels and groups; others follow. */
  factors: z.array(z.string()).optional(),
  /** Names of the classes of labels and groups. */
  classes: z.record(z.string(), z.array(z.string())).optional(),
  /** What the numbers of `split` mean. */
  splits: z.array(z.string().min(1)).min(1).optional(),
  /** Whether labels are the coordinates that synthetic samples are made of. */
  coordinates: z.boolean().optional(),
  trainingLabel: z.string().nullable().optional(),
  isRescaled: z.boolean().optional(),
  /** The layer that `classifier/weight` and `classifier/bias` read. */
  classifier: z.string().optional(),
});
export type RecordingDescription = z.output<typeof descriptionSchema>;

/** The description in the metadata of a file, or an empty one. */
export const descriptionIn = (metadata: ReadonlyMap<string, string>, path: string): RecordingDescription => {
  const text = metadata.get(DESCRIPTION_KEY);
  if (text === undefined) return { version: 1 };
  const where = `${path}, metadata ${DESCRIPTION_KEY}`;
  const remedy = 'Record the activations again, or remove the entry';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputFault('is not valid JSON', where, remedy, error);
  }
  const parsed = descriptionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: place, message }] = parsed.error.issues;
  throw inputFault(message, place.length === 0 ? where : `${where}, ${place.join('.')}`, remedy);
};

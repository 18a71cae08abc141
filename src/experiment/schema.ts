import { z } from 'zod';
import { augmentationSchema } from './augmentationSchema.ts';
import { dataSchema } from './dataSchema.ts';
import { encoderSchema, headSchema } from './modelSchema.ts';
import { lossSchema, optimiserSchema, scheduleSchema } from './trainingSchema.ts';
import { count, path, probability } from './values.ts';

/**
 * The experiment file (`*.experiment.json`). This schema is the one source of the types, the validation and
 * `media/schema/experiment.schema.json`. Unknown keys are refused everywhere: a misspelled option must not be ignored.
 */

const groups = z.array(z.string().min(1)).min(1).describe('Factors whose combinations are the groups.');

export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits, dot, dash and underscore'),
    description: z.string().optional(),
    seed: z.int().min(0).max(0xffffffff).default(0),
    data: dataSchema,
    augmentation: z.array(augmentationSchema).default([]),
    encoder: encoderSchema,
    head: headSchema.default({ kind: 'none' }),
    loss: lossSchema,
    optimiser: optimiserSchema,
    schedule: scheduleSchema.default({ kind: 'constant', warmupEpochs: 0 }),
    epochs: count,
    batchSize: count.default(256).describe('Samples per step (not used by population).'),
    stepsPerEpoch: count.optional().describe('population only: steps that make one epoch. Default 100.'),
    layers: z
      .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
      .default('all')
      .describe('Layers to inspect.'),
    downstream: z
      .array(
        z.strictObject({ name: z.string().min(1), factor: z.string().min(1), groups: groups.optional() }),
      )
      .default([])
      .describe(
        'Downstream tasks: a factor to predict from each layer, optionally with groups for the worst-group accuracy.',
      ),
    shifts: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          strength: probability.optional().describe('digits-on-clothes: another digit strength.'),
          split: z.string().optional().describe('image-folder: another split of metadata.csv.'),
          data: path.optional().describe('npz: another file.'),
        }),
      )
      .default([])
      .describe('Shifted test sets on which every probe is scored too.'),
    groups: groups.optional().describe('Default groups of every downstream task.'),
    checkpointEverySteps: count
      .optional()
      .describe('Also write the newest state every so many steps. Default: once an epoch.'),
  })
  .describe('A Pentimento experiment.');

export type Experiment = z.output<typeof experimentSchema>;
export type TaskSpec = Experiment['downstream'][number];
export type ShiftSpec = Experiment['shifts'][number];

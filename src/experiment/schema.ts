import * as z from 'zod';
import { CLASSIFICATION_METHODS } from '../protocol/index.ts';
import { augmentationSchema } from './augmentationSchema.ts';
import { dataSchema, taskDataSchema } from './dataSchema.ts';
import { encoderSchema, headSchema } from './modelSchema.ts';
import { lossSchema, optimiserSchema, scheduleSchema } from './trainingSchema.ts';
import { count, NAME_PATTERN, path, probability } from './values.ts';

/**
 * The experiment file (`*.experiment.json`). This schema is the one source of the types, the validation and
 * `media/schema/experiment.schema.json`. Unknown keys are refused everywhere: a misspelled option must not be ignored.
 */

export const groupsSchema = z
  .array(z.string().min(1))
  .min(1)
  .describe('Factors whose combinations are the groups.');

/** What an inspection asks, in an experiment and in an inspection file. */
export const layersSchema = z
  .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
  .default('all')
  .describe('Layers to inspect.');

export const taskSchema = z.strictObject({
  name: z.string().min(1).describe('Names the task in panels and commands.'),
  factor: z.string().min(1).describe('The factor of the data to predict.'),
  groups: groupsSchema.optional(),
  balance: z
    .enum(['groups', 'classes'])
    .optional()
    .describe(
      'Every group, or every class, counts the same when a probe is fitted, however many samples it has. Default: every sample counts the same.',
    ),
  together: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A factor, such as a patient: samples with the same value are never in different folds or halves.',
    ),
  data: taskDataSchema
    .optional()
    .describe(
      'Labelled samples of its own: probes are fitted on its training split, which ranks the layers, and report on its test split. Default: those of the experiment.',
    ),
  split: z
    .string()
    .min(1)
    .optional()
    .describe(
      'test, or the name of a shift: half of these samples are the labelled ones, and the other half reports.',
    ),
});

export const probesSchema = z
  .array(z.enum(CLASSIFICATION_METHODS))
  .min(1)
  .default(['logistic-standardised', 'logistic-raw', 'knn'])
  .describe(
    'How tasks with a categorical factor are probed: see docs/measures.md. A continuous one has ridge regression.',
  );

export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional().describe('The JSON Schema, for other editors. VS Code has it already.'),
    name: z
      .string()
      .regex(NAME_PATTERN, 'use lower-case letters, digits, dot, dash and underscore')
      .describe('Names the folder of its run.'),
    description: z.string().optional().describe('What it is for, for readers.'),
    seed: z
      .int()
      .min(0)
      .max(0xffffffff)
      .default(0)
      .describe('The same seed gives the same run on the same backend.'),
    data: dataSchema.describe('What it is trained and tested on.'),
    augmentation: z
      .array(augmentationSchema)
      .default([])
      .describe('What makes the views of a sample, one after the other.'),
    encoder: encoderSchema.describe('The network below the head.'),
    head: headSchema.default({ kind: 'none' }).describe('The projection head between encoder and loss.'),
    loss: lossSchema.describe('What is minimised.'),
    optimiser: optimiserSchema.describe('How the parameters follow the gradient.'),
    schedule: scheduleSchema
      .default({ kind: 'constant', warmupEpochs: 0 })
      .describe('How the learning rate changes over the epochs.'),
    epochs: count.meta({ description: 'Passes over the training samples.', examples: [20] }),
    batchSize: count.default(256).describe('Samples per step (not used by population).'),
    stepsPerEpoch: count.optional().describe('population only: steps that make one epoch. Default 100.'),
    layers: layersSchema,
    pooling: z
      .enum(['mean', 'mean-max', 'flatten'])
      .default('mean')
      .describe(
        'How the map of a convolutional layer becomes a vector: the mean over its positions, mean and maximum, or every value (at most 4,096).',
      ),
    downstream: z
      .array(taskSchema)
      .default([])
      .describe(
        'Downstream tasks: a factor to predict from each layer, optionally with groups for the worst-group accuracy.',
      ),
    probes: probesSchema,
    shifts: z
      .array(
        z.strictObject({
          name: z.string().min(1).describe('Names the test set in panels and commands.'),
          strength: probability.optional().describe('digits-on-clothes: another digit strength.'),
          split: z.string().optional().describe('image-folder: another split of metadata.csv.'),
          data: path.optional().describe('npz: another file.'),
        }),
      )
      .default([])
      .describe('Shifted test sets on which every probe is scored too.'),
    groups: groupsSchema.optional().describe('Default groups of every downstream task.'),
    checkpointEverySteps: count
      .optional()
      .describe('Also write the newest state every so many steps. Default: once an epoch.'),
  })
  .describe('A Pentimento experiment.');

export type Experiment = z.output<typeof experimentSchema>;
export type TaskSpec = Experiment['downstream'][number];
export type ShiftSpec = Experiment['shifts'][number];

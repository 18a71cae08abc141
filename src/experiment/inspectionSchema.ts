import * as z from 'zod';
import { labelSchema, layoutSchema, TOKEN_POOLINGS } from './layoutSchema.ts';
import { modelDataSchema } from './modelDataSchema.ts';
import type { Problem } from './problem.ts';
import { groupsSchema, layersSchema, probesSchema, taskSchema } from './schema.ts';
import { NAME_PATTERN, path } from './values.ts';

/**
 * The inspection file (`*.inspection.json`): what is asked about a model that was not trained here. Unknown keys are refused,
 * as in experiments.
 */
export const inspectionSchema = z
  .strictObject({
    $schema: z.string().optional().describe('The JSON Schema, for other editors. VS Code has it already.'),
    name: z
      .string()
      .regex(NAME_PATTERN, 'use lower-case letters, digits, dot, dash and underscore')
      .describe('Names the folder of its results.'),
    description: z.string().optional().describe('What it is for, for readers.'),
    recording: path
      .optional()
      .describe(
        'Activations of a model: a file, or a folder of files, in one of the layouts of docs/recordings.md.',
      ),
    model: path.optional().describe('In place of a recording: an ONNX model, which is run on "data".'),
    data: modelDataSchema.optional().describe('What the model is run on.'),
    layout: layoutSchema
      .optional()
      .describe('How its arrays are arranged. What is left out is found from names and shapes, and printed.'),
    tokens: z
      .array(z.enum(TOKEN_POOLINGS))
      .min(1)
      .default(['mean'])
      .describe(
        'How tokens become one vector: their mean without padding, the first, the last, or the maximum. With several, each layer is read in every one of these ways.',
      ),
    labels: z
      .record(z.string().min(1), labelSchema)
      .optional()
      .describe('Labels by name, where the recording does not have them as docs/recordings.md says.'),
    split: labelSchema
      .optional()
      .describe(
        'Where the split of each sample is: train, test, validation or the name of a shift; or 0, 1 and 2 for the first three.',
      ),
    input: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The layer that is the input of the model, or its embedding: the line to beat. Default: the first layer is what feature weights are relative to.',
      ),
    projection: z
      .strictObject({
        before: z.string().min(1).describe('The last layer before the projection head.'),
        after: z.string().min(1).optional().describe('The output of the projection head.'),
      })
      .optional()
      .describe('Of a model with a projection head. Default: the last layer has none behind it.'),
    seed: z
      .int()
      .min(0)
      .max(0xffffffff)
      .default(0)
      .describe('Of folds, shuffles and draws: the same seed gives the same results.'),
    testShare: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.2)
      .describe('Share of the samples that are the test split, where the recording has no "split".'),
    samples: z
      .int()
      .min(100)
      .optional()
      .describe(
        'The most samples of all splits together that are held in memory. Of more, spectra take all test samples; everything else takes a seeded part. Default: what is 512 MiB at all layers.',
      ),
    layers: layersSchema,
    downstream: z
      .array(taskSchema.omit({ data: true, split: true }))
      .default([])
      .describe('Downstream tasks: a label or group of the recording to predict from each layer.'),
    probes: probesSchema,
    groups: groupsSchema.optional().describe('Default groups of every downstream task.'),
  })
  .describe('A Pentimento inspection.');

export type InspectionSpec = z.output<typeof inspectionSchema>;

/** The rules across fields. */
export const inspectionProblems = (spec: InspectionSpec): Problem[] => [
  ...sourceProblems(spec),
  ...taskProblems(spec),
];

/** It is about a recording, or about a model with data. */
const sourceProblems = ({ recording, model, data }: InspectionSpec): Problem[] => {
  const remedy = 'Name a "recording", or a "model" with its "data"';
  if (recording !== undefined) {
    const other = model === undefined ? (data === undefined ? null : 'data') : 'model';
    return other === null ? [] : [{ path: [other], what: 'there is a recording already', remedy }];
  }
  if (model === undefined) return [{ path: [], what: 'nothing says what is inspected', remedy }];
  return data === undefined ? [{ path: ['model'], what: 'there is no data to run it on', remedy }] : [];
};

const taskProblems = ({ downstream, groups }: InspectionSpec): Problem[] =>
  downstream.flatMap(({ name, balance, groups: own }, index): Problem[] => [
    ...(downstream.findIndex((other) => other.name === name) < index
      ? [
          {
            path: ['downstream', index, 'name'],
            what: `there is another task ${JSON.stringify(name)}`,
            remedy: 'Give it another name',
          },
        ]
      : []),
    ...(balance === 'groups' && own === undefined && groups === undefined
      ? [
          {
            path: ['downstream', index, 'balance'],
            what: 'there are no groups to balance',
            remedy: 'Give the task "groups", or balance "classes"',
          },
        ]
      : []),
  ]);

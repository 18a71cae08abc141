import * as z from 'zod';
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
    recording: path.describe(
      'Activations of a model, in the layout of docs/recordings.md: a .safetensors or .npz file.',
    ),
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
export const inspectionProblems = ({ downstream, groups }: InspectionSpec): Problem[] =>
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

import * as z from 'zod';
import { path } from './values.ts';

/** What the axes of a recorded array can be. */
export const AXES = ['sample', 'layer', 'token', 'dimension'] as const;
export type Axis = (typeof AXES)[number];

/** How the tokens, or positions, of a layer become one vector. */
export const TOKEN_POOLINGS = ['mean', 'first', 'last', 'max'] as const;
export type TokenPooling = (typeof TOKEN_POOLINGS)[number];

const PLACEHOLDERS =
  '{layer}, {sample}, {chunk} and {split} are the parts that differ between names, and * is anything.';

/** How activations are arranged in arrays and files. What is left out is found from names and shapes. */
export const layoutSchema = z.strictObject({
  files: z
    .string()
    .min(1)
    .optional()
    .describe(`Of a folder: its files with activations, such as layer_{layer}_{chunk}.pt. ${PLACEHOLDERS}`),
  arrays: z
    .string()
    .min(1)
    .optional()
    .describe(`The arrays with activations in a file, such as representations.{layer}. ${PLACEHOLDERS}`),
  axes: z
    .array(z.enum(AXES))
    .min(1)
    .max(6)
    .optional()
    .describe(
      'What the axes of an array are, in their order. Several "token" axes are the positions of a map. An axis that differs between files or arrays is named there and not here.',
    ),
  layerNames: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Names of the layers along the axis "layer". Default: their numbers.'),
  mask: z
    .string()
    .min(1)
    .optional()
    .describe('The array, samples x tokens, that is 0 where a token is padding.'),
  lengths: path
    .optional()
    .describe(
      'A file beside those of the recording with one number a line: the tokens of each sample, where an array has those of all samples one after the other. It may have the placeholders of "files".',
    ),
  bits: z
    .enum(['float16', 'bfloat16'])
    .optional()
    .describe('What 16-bit integers are, if they are the bits of floating-point numbers.'),
});
export type LayoutSpec = z.output<typeof layoutSchema>;

/** Where the values of a label are. */
export const labelSchema = z.strictObject({
  file: path
    .optional()
    .describe(
      'A .csv, .tsv, .txt, .npy, .npz, .pt or .safetensors file; it may have the placeholders {split} and {chunk}. Default: the recording itself.',
    ),
  array: z.string().min(1).optional().describe('The array. Default: the only one with an axis of samples.'),
  column: z.string().min(1).optional().describe('The column of a table. Default: the only one.'),
  by: z
    .string()
    .min(1)
    .optional()
    .describe('The column with the names of the samples. Default: rows are in the order of the samples.'),
});
export type LabelSpec = z.output<typeof labelSchema>;

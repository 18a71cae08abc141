import { z } from 'zod';
import {
  ANALYSIS_VERSION,
  type Analysis,
  analysisSchema,
  RUN_VERSION,
  type RunRecord,
  runSchema,
} from '../protocol/index.ts';
import type { DocumentKind } from './document.ts';

export const RUN_DOCUMENT: DocumentKind<RunRecord> = {
  schema: runSchema,
  version: RUN_VERSION,
  missing: {
    what: 'there is no run in this folder',
    remedy: 'Name the folder that `pentimento train` wrote',
  },
  remedy: 'The run cannot be used: train it again into another folder',
};

export const ANALYSIS_DOCUMENT: DocumentKind<Analysis> = {
  schema: analysisSchema,
  version: ANALYSIS_VERSION,
  missing: { what: 'the run has not been inspected yet', remedy: 'Run `pentimento inspect` on it first' },
  remedy: 'Run `pentimento inspect` on the run again',
};

/** What the user picked. */
const selectionSchema = z.strictObject({
  layer: z.string().min(1),
  /** The downstream task that it was picked for. */
  task: z.string().min(1),
  /** ISO 8601. */
  chosenAt: z.iso.datetime(),
});
export type Selection = z.output<typeof selectionSchema>;

export const SELECTION_DOCUMENT: DocumentKind<Selection> = {
  schema: selectionSchema,
  missing: { what: 'no layer of this run has been picked yet', remedy: 'Pick a layer first' },
  remedy: 'Pick the layer again',
};

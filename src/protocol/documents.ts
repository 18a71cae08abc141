import * as z from 'zod';
import { ANALYSIS_VERSION, type Analysis, analysisSchema } from './analysis.ts';
import type { DocumentKind } from './document.ts';
import { RUN_LIMIT } from './documentSize.ts';
import {
  type InspectionRecord,
  inspectionRecordSchema,
  type Unfinished,
  unfinishedSchema,
} from './inspection.ts';
import { recommendationSchema } from './recommendation.ts';
import { RUN_VERSION, type RunRecord, runSchema } from './run.ts';

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE ** 2;

export const RUN_DOCUMENT: DocumentKind<RunRecord> = {
  schema: runSchema,
  limit: RUN_LIMIT,
  version: RUN_VERSION,
  missing: {
    what: 'there is no run in this folder',
    remedy: 'Give the run folder that `pentimento train` wrote',
  },
  remedy: 'The run cannot be used: train it again into another folder',
};

export const INSPECTION_DOCUMENT: DocumentKind<InspectionRecord> = {
  schema: inspectionRecordSchema,
  limit: MEGABYTE,
  version: 1,
  missing: {
    what: 'there is no inspection in this folder',
    remedy: 'Give a folder that `pentimento inspect` wrote',
  },
  remedy: 'Inspect the recording again',
};

export const ANALYSIS_DOCUMENT: DocumentKind<Analysis> = {
  schema: analysisSchema,
  limit: 64 * MEGABYTE,
  version: ANALYSIS_VERSION,
  missing: { what: 'the run has not been inspected yet', remedy: 'Run `pentimento inspect` on it first' },
  remedy: 'Run `pentimento inspect` on the run again',
};

export const UNFINISHED_DOCUMENT: DocumentKind<Unfinished> = {
  schema: unfinishedSchema,
  limit: ANALYSIS_DOCUMENT.limit,
  version: 1,
  missing: { what: 'no inspection was ended in this folder', remedy: 'Inspect from the beginning' },
  remedy: 'Delete it: the inspection then begins again',
};

/** A layer that the user chose. */
const selectionSchema = z.strictObject({
  layer: z.string().min(1),
  /** The downstream task that it was chosen for; null for a run without tasks. */
  task: z.string().min(1).nullable(),
  /** ISO 8601. */
  chosenAt: z.iso.datetime(),
});
export type Selection = z.output<typeof selectionSchema>;

const isOneSelection = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'layer' in value;

/** `selection.json`: the layer for each task. The first versions kept one alone, which is read as a list of one. */
const selectionsSchema = z.preprocess(
  (value) => (isOneSelection(value) ? { selections: [value] } : value),
  z.strictObject({
    selections: z
      .array(selectionSchema)
      .refine(
        (all) => new Set(all.map(({ task }) => task)).size === all.length,
        'has two layers for one task',
      ),
  }),
);
export type Selections = z.output<typeof selectionsSchema>;

export const SELECTIONS_DOCUMENT: DocumentKind<Selections> = {
  schema: selectionsSchema,
  limit: 64 * KILOBYTE,
  missing: { what: 'no layer of this run is selected yet', remedy: 'Choose a layer first' },
  remedy: 'Choose the layers again',
};

/** The selections with one more, in place of the one for the same task; the latest is first. */
export const withSelection = ({ selections }: Selections, added: Selection): Selections => ({
  selections: [added, ...selections.filter(({ task }) => task !== added.task)],
});

/** What `recommend` answers without options, for every downstream task of the analysis beside it. */
const recommendationsSchema = z.strictObject({
  /** The step of the analysis; recommendations for another step are out of date. */
  step: z.int().nonnegative(),
  recommendations: z.array(recommendationSchema),
});
export type Recommendations = z.output<typeof recommendationsSchema>;

export const RECOMMENDATIONS_DOCUMENT: DocumentKind<Recommendations> = {
  schema: recommendationsSchema,
  limit: 16 * MEGABYTE,
  missing: { what: 'the run has no recommendations yet', remedy: 'Inspect it first' },
  remedy: 'Inspect the run again',
};

/** One per page: a workspace cannot fill the editor on its own. */
export const MOST_OPENING_PANELS = 4;

/**
 * A plain folder name, not a path to another place. A colon is refused because Windows uses it for drives and streams.
 */
const isFolderName = (name: string): boolean => !/[/\\:\0]/.test(name) && name !== '.' && name !== '..';

/** `.pentimento/show.json`: the panels that a workspace opens with. `npm start` writes one for the demo run. */
const openingSchema = z.strictObject({
  panels: z
    .array(
      z.strictObject({
        page: z.enum(['spectra', 'featureWeights', 'probes', 'similarity']),
        /** Name of a run folder of the workspace. */
        run: z.string().min(1).refine(isFolderName, 'must be the name of a folder in .pentimento/runs'),
      }),
    )
    .max(MOST_OPENING_PANELS, `names more than ${MOST_OPENING_PANELS} panels`),
});
export type Opening = z.output<typeof openingSchema>;

export const OPENING_DOCUMENT: DocumentKind<Opening> = {
  schema: openingSchema,
  limit: 64 * KILOBYTE,
  missing: { what: 'the workspace has no panels to open', remedy: 'Open a panel with a command' },
  remedy: 'Remove the file',
};

import { Uri, workspace } from 'vscode';
import {
  ANALYSIS_DOCUMENT,
  type AnalysedState,
  type Analysis,
  analysisFile,
  type DocumentKind,
  INSPECTION_DOCUMENT,
  type InspectionRecord,
  parseDocument,
  RECOMMENDATIONS_DOCUMENT,
  type Recommendation,
  RUN_DOCUMENT,
  type RunRecord,
  SELECTIONS_DOCUMENT,
  type Selection,
} from '../../src/protocol/index.ts';
import { at, nameIn, readText, stampOf } from './files.ts';
import { keepWhileSame } from './keepWhileSame.ts';
import { stateLabel } from './stateLabel.ts';

/** How messages name a document of a run. */
const read = async <T>(kind: DocumentKind<T>, file: Uri): Promise<T> => {
  const text = await readText(file, kind);
  return parseDocument(kind, text, workspace.asRelativePath(file));
};

export const readRecord = (run: Uri): Promise<RunRecord> => read(RUN_DOCUMENT, at(run, 'run.json'));

/** Of the results of an inspection of a recording or a model. */
export const readInspection = (folder: Uri): Promise<InspectionRecord> =>
  read(INSPECTION_DOCUMENT, at(folder, 'inspection.json'));

/** Enough for two runs side by side and the tree. The largest have 10 MB. */
const KEPT_ANALYSES = 4;

/**
 * Cached, because the tree, the panels and the commands read the same ones, and panels read them again
 * whenever a file of any run changes.
 */
const analysisIn = keepWhileSame(KEPT_ANALYSES, { now: (file) => stampOf(Uri.parse(file)) }, (file) =>
  read(ANALYSIS_DOCUMENT, Uri.parse(file)),
);

/** The analysis of a state. Throws an input fault when there is none, or when it is damaged or newer. */
export const readAnalysis = (run: Uri, state: string): Promise<Analysis> =>
  analysisIn(at(run, analysisFile(state)).toString());

/** The layer that the user picked; null if none was, or if the file is damaged: picking again repairs it. */
export const readSelections = (run: Uri): Promise<readonly Selection[]> =>
  read(SELECTIONS_DOCUMENT, at(run, 'selection.json')).then(
    ({ selections }) => selections,
    () => [],
  );

/** The recommendations for the analysis of the newest state; empty when there are none, or only older ones. */
export const readRecommendations = async (
  run: Uri,
  analysis: Analysis | Promise<Analysis>,
): Promise<readonly Recommendation[]> => {
  const [document, { step }] = await Promise.all([
    read(RECOMMENDATIONS_DOCUMENT, at(run, 'recommendations.json')).catch(() => null),
    analysis,
  ]);
  return document?.step === step ? document.recommendations : [];
};

const STATE_FILE = /^((?:last|epoch-\d{4,}))\.safetensors$/;
const ANALYSIS = /^(epoch-\d{4,})\.json$/;

const matches = (names: readonly string[], pattern: RegExp): string[] =>
  names.flatMap((name) => pattern.exec(name)?.[1] ?? []);

/** Saved states of a run, the kept epochs in order and then the newest. */
export const listStates = async (run: Uri): Promise<string[]> =>
  matches(await nameIn(at(run, 'checkpoints')), STATE_FILE).sort(inTrainingOrder);

/** The states that were analysed, in training order. */
export const listAnalysed = async (run: Uri): Promise<AnalysedState[]> => {
  const kept = matches(await nameIn(at(run, 'analyses')), ANALYSIS);
  const newest = (await nameIn(run)).includes(analysisFile('last')) ? ['last'] : [];
  return [...kept, ...newest].sort(inTrainingOrder).map((state) => ({ state, label: stateLabel(state) }));
};

const inTrainingOrder = (a: string, b: string): number => order(a) - order(b);
const order = (state: string): number =>
  state === 'last' ? Number.POSITIVE_INFINITY : Number(state.slice('epoch-'.length));

import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  ANALYSIS_DOCUMENT,
  type Analysis,
  analysisFile,
  checkpointOfEpoch,
  inputFault,
  type Metric,
  RECOMMENDATIONS_DOCUMENT,
  type Recommendations,
  RUN_DOCUMENT,
  type RunRecord,
  SELECTION_DOCUMENT,
  type Selection,
} from '../protocol/index.ts';
import { readDocument, writeDocument } from './documentFile.ts';
import { appendMetric, readMetrics, truncateMetrics } from './metricsLog.ts';
import { encodeTrainingState, readTrainingState, type TrainingState } from './trainingState.ts';
import { makeFolder, removeStaleFiles, writeAtomically } from './writeAtomically.ts';

/** `last`, or the state that was kept at the end of an epoch. */
const CHECKPOINT_NAME = /^(?:last|epoch-\d{4,})$/;
const ENDING = '.safetensors';

export interface SaveOptions {
  /** Keep this state under the name of its epoch as well (`epoch-0005`). */
  readonly keepEpoch?: number;
}

/**
 * One training of an experiment, as a folder:
 *
 *     run.json                       what was trained, and with what
 *     metrics.jsonl                  loss and learning rate as training went
 *     checkpoints/last.safetensors   the newest state, always complete
 *     checkpoints/epoch-0005.safetensors
 *     analysis.json                  what `inspect` found in the newest state
 *     analyses/epoch-0005.json       what was found in a kept state
 *     recommendations.json           the layer to keep for each downstream task, from analysis.json
 *     selection.json                 the layer that the user picked
 *
 * Everything but the metrics is written atomically; the metrics' last line may be torn and is then dropped.
 */
export class Run {
  readonly folder: string;
  readonly record: RunRecord;

  constructor(folder: string, record: RunRecord) {
    this.folder = folder;
    this.record = record;
  }

  get metricsPath(): string {
    return join(this.folder, 'metrics.jsonl');
  }

  get analysisPath(): string {
    return this.analysisPathOf('last');
  }

  get recommendationsPath(): string {
    return join(this.folder, 'recommendations.json');
  }

  get selectionPath(): string {
    return join(this.folder, 'selection.json');
  }

  checkpointPath(name = 'last'): string {
    return join(this.folder, 'checkpoints', `${name}${ENDING}`);
  }

  analysisPathOf(checkpoint: string): string {
    return join(this.folder, analysisFile(checkpoint));
  }

  appendMetric(metric: Metric): Promise<void> {
    return appendMetric(this.metricsPath, metric);
  }

  readMetrics(): Promise<Metric[]> {
    return readMetrics(this.metricsPath);
  }

  /** To be called on resuming, before the first `appendMetric`: drops metrics after `step`, and a torn last line. */
  truncateMetrics(step: number): Promise<void> {
    return truncateMetrics(this.metricsPath, step);
  }

  /** Writes `last`, after the kept copy if there is one: `last` is never ahead of what was to be kept. */
  async saveCheckpoint(state: TrainingState, { keepEpoch }: SaveOptions = {}): Promise<void> {
    const bytes = encodeTrainingState(state);
    if (keepEpoch !== undefined) {
      await writeAtomically(this.checkpointPath(checkpointOfEpoch(keepEpoch)), bytes);
    }
    await writeAtomically(this.checkpointPath(), bytes);
  }

  /** The state saved under `name`; a fault names those that there are when there is no such one. */
  async loadCheckpoint(name = 'last'): Promise<TrainingState> {
    const names = await this.listCheckpoints();
    if (!names.includes(name)) {
      const what = names.length === 0 ? 'the run has no checkpoint yet' : `has no checkpoint '${name}'`;
      const remedy = names.length === 0 ? 'Train it first' : `Name one of ${names.join(', ')}`;
      throw inputFault(what, join(this.folder, 'checkpoints'), remedy);
    }
    return readTrainingState(this.checkpointPath(name));
  }

  /** Names of the saved states: kept epochs in order, then `last`. Empty before the first one. */
  async listCheckpoints(): Promise<string[]> {
    const files = await readdir(join(this.folder, 'checkpoints')).catch(() => []);
    const epochOf = (name: string) => (name === 'last' ? Number.POSITIVE_INFINITY : Number(name.slice(6)));
    return files
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .filter((name) => CHECKPOINT_NAME.test(name))
      .sort((a, b) => epochOf(a) - epochOf(b));
  }

  async writeAnalysis(analysis: Analysis, checkpoint = 'last'): Promise<void> {
    const path = this.analysisPathOf(checkpoint);
    await makeFolder(dirname(path));
    await writeDocument(ANALYSIS_DOCUMENT, path, analysis);
  }

  readAnalysis(checkpoint = 'last'): Promise<Analysis> {
    return readDocument(ANALYSIS_DOCUMENT, this.analysisPathOf(checkpoint));
  }

  writeRecommendations(recommendations: Recommendations): Promise<void> {
    return writeDocument(RECOMMENDATIONS_DOCUMENT, this.recommendationsPath, recommendations);
  }

  writeSelection(selection: Selection): Promise<void> {
    return writeDocument(SELECTION_DOCUMENT, this.selectionPath, selection);
  }

  readSelection(): Promise<Selection> {
    return readDocument(SELECTION_DOCUMENT, this.selectionPath);
  }
}

const recordPath = (folder: string): string => join(folder, 'run.json');

const removeStale = async (folder: string): Promise<void> => {
  await removeStaleFiles(folder);
  await removeStaleFiles(join(folder, 'checkpoints'));
};

/** Whether a run was begun in `folder`; its record is the first file that is written. */
export const holdsRun = (folder: string): Promise<boolean> =>
  access(recordPath(folder)).then(
    () => true,
    () => false,
  );

/** Begins a run in `folder`, which is created; a folder that already holds one is refused. */
export const createRun = async (folder: string, record: RunRecord): Promise<Run> => {
  if (await holdsRun(folder)) {
    throw inputFault(
      'already holds a run',
      folder,
      'Add --resume to go on with it, or name another folder with --out',
    );
  }
  await makeFolder(folder);
  await makeFolder(join(folder, 'checkpoints'));
  await removeStale(folder);
  await writeDocument(RUN_DOCUMENT, recordPath(folder), record);
  return new Run(folder, record);
};

/** Opens the run in `folder`, and removes what killed processes left half-written there. */
export const openRun = async (folder: string): Promise<Run> => {
  const record = await readDocument(RUN_DOCUMENT, recordPath(folder));
  await removeStale(folder);
  return new Run(folder, record);
};

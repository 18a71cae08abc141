import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  codeOf,
  type Lock,
  makeFolder,
  makeFolderInside,
  removeAbandoned,
  writeAtomically,
} from '../disk/index.ts';
import {
  ANALYSIS_DOCUMENT,
  type Analysis,
  analysisFile,
  Fault,
  inputFault,
  type Metric,
  RECOMMENDATIONS_DOCUMENT,
  type Recommendations,
  RUN_DOCUMENT,
  type RunRecord,
  stateOfEpoch,
} from '../protocol/index.ts';
import { readDocument, writeDocument, writeNewDocument } from './documentFile.ts';
import { appendMetric, readMetrics, truncateMetrics } from './metricsLog.ts';
import { encodeTrainingState, readTrainingState, type TrainingState } from './trainingState.ts';

/** `last`, or the state that was kept at the end of an epoch. */
const STATE_NAME = /^(?:last|epoch-\d{4,})$/;
const ENDING = '.safetensors';

export interface SaveOptions {
  /** Keep this state under the name of its epoch as well (`epoch-0005`). */
  readonly keepEpoch?: number;
}

/**
 * One training of an experiment, as a folder:
 *
 *     run.json                       what was trained, and with what
 *     metrics.jsonl                  loss and learning rate during training
 *     checkpoints/last.safetensors   the newest state, always complete, as a checkpoint that every reader opens
 *     checkpoints/epoch-0005.safetensors
 *     analysis.json                  what `inspect` found in the newest state
 *     analyses/epoch-0005.json       what was found in a kept state
 *     recommendations.json           the layer to keep for each downstream task, from analysis.json
 *     selection.json                 the layer that the user selected for each task, in the editor
 *     train.lock, inspect.lock       while a process trains or inspects the run: the process
 *
 * Everything except the metrics is written atomically; the metrics' last line may be incomplete and is then dropped.
 * Reading needs no lock and changes nothing. A run that was opened with a lock writes only as long as it holds that
 * lock.
 */
export class Run {
  readonly folder: string;
  readonly record: RunRecord;

  constructor(
    folder: string,
    record: RunRecord,
    private readonly lock: Lock | null = null,
  ) {
    this.folder = folder;
    this.record = record;
  }

  /** The same run under a lock; what killed writers left there long ago is removed. */
  async under(lock: Lock): Promise<Run> {
    await removeAbandonedIn(this.folder, lock);
    return new Run(this.folder, this.record, lock);
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

  statePath(name = 'last'): string {
    return join(this.folder, 'checkpoints', `${name}${ENDING}`);
  }

  analysisPathOf(state: string): string {
    return join(this.folder, analysisFile(state));
  }

  async appendMetric(metric: Metric): Promise<void> {
    await this.lock?.check();
    return appendMetric(this.metricsPath, metric);
  }

  readMetrics(): Promise<Metric[]> {
    return readMetrics(this.metricsPath);
  }

  /** Call this on resuming, before the first `appendMetric`: drops metrics after `step`, and an incomplete last line. */
  async truncateMetrics(step: number): Promise<void> {
    await this.lock?.check();
    return truncateMetrics(this.metricsPath, step);
  }

  /** Writes `last`, after the kept copy if there is one: so `last` is never newer than a missing kept copy. */
  async saveState(state: TrainingState, { keepEpoch }: SaveOptions = {}): Promise<void> {
    const bytes = encodeTrainingState(state);
    await makeFolderInside(dirname(this.statePath()));
    await this.lock?.check();
    if (keepEpoch !== undefined) {
      await writeAtomically(this.statePath(stateOfEpoch(keepEpoch)), bytes);
    }
    await writeAtomically(this.statePath(), bytes);
  }

  /** The state saved under `name`; if there is none, the fault lists the existing ones. */
  async loadState(name = 'last'): Promise<TrainingState> {
    const names = await this.listStates();
    if (!names.includes(name)) {
      const what = names.length === 0 ? 'the run has no saved state yet' : `has no state '${name}'`;
      const remedy = names.length === 0 ? 'Train it first' : `Use one of ${names.join(', ')}`;
      throw inputFault(what, join(this.folder, 'checkpoints'), remedy);
    }
    return readTrainingState(this.statePath(name));
  }

  /** Names of the saved states: kept epochs in order, then `last`. Empty before the first save. */
  async listStates(): Promise<string[]> {
    const files = await readdir(join(this.folder, 'checkpoints')).catch(() => []);
    const epochOf = (name: string) => (name === 'last' ? Number.POSITIVE_INFINITY : Number(name.slice(6)));
    return files
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .filter((name) => STATE_NAME.test(name))
      .sort((a, b) => epochOf(a) - epochOf(b));
  }

  async writeAnalysis(analysis: Analysis, state = 'last'): Promise<void> {
    const path = this.analysisPathOf(state);
    if (state !== 'last') await makeFolderInside(dirname(path));
    await this.lock?.check();
    await writeDocument(ANALYSIS_DOCUMENT, path, analysis);
  }

  readAnalysis(state = 'last'): Promise<Analysis> {
    return readDocument(ANALYSIS_DOCUMENT, this.analysisPathOf(state));
  }

  async writeRecommendations(recommendations: Recommendations): Promise<void> {
    await this.lock?.check();
    return writeDocument(RECOMMENDATIONS_DOCUMENT, this.recommendationsPath, recommendations);
  }
}

const recordPath = (folder: string): string => join(folder, 'run.json');

const removeAbandonedIn = async (folder: string, { takenAt }: Lock): Promise<void> => {
  for (const part of ['.', 'checkpoints', 'analyses']) await removeAbandoned(join(folder, part), takenAt);
};

/** Whether `folder` contains a run; its record is the first file that is written. */
export const holdsRun = (folder: string): Promise<boolean> =>
  access(recordPath(folder)).then(
    () => true,
    () => false,
  );

const alreadyThere = (folder: string, cause?: unknown): Fault =>
  inputFault(
    'already contains a run',
    folder,
    'Add --resume to continue it, or choose another folder with --out',
    cause,
  );

/**
 * Creates a run in `folder`, which is created; a folder that already contains one is refused. If several processes
 * create one in the same folder at the same time, one succeeds.
 */
export const createRun = async (
  folder: string,
  record: RunRecord,
  lock: Lock | null = null,
): Promise<Run> => {
  if (await holdsRun(folder)) throw alreadyThere(folder);
  await makeFolder(folder);
  await makeFolderInside(join(folder, 'checkpoints'));
  await writeNewDocument(RUN_DOCUMENT, recordPath(folder), record).catch((error: unknown) => {
    throw error instanceof Fault && codeOf(error.cause ?? {}) === 'EEXIST'
      ? alreadyThere(folder, error)
      : error;
  });
  const run = new Run(folder, record);
  return lock === null ? run : run.under(lock);
};

/** Opens the run in `folder`: read-only, unless it is put `under` a lock. */
export const openRun = async (folder: string): Promise<Run> =>
  new Run(folder, await readDocument(RUN_DOCUMENT, recordPath(folder)));

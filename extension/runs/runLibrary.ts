import { type Disposable, EventEmitter, FileType, type Uri, workspace } from 'vscode';
import { holderOf, type LockOwner } from '../../src/disk/index.ts';
import type { InspectionRecord } from '../../src/protocol/index.ts';
import { Fault, type Metric, type RunRecord, type Selection } from '../../src/protocol/messages.ts';
import { at, exists } from './files.ts';
import { inTurns } from './inTurns.ts';

export const RUNS_FOLDER = '.pentimento/runs';
export const INSPECTIONS_FOLDER = '.pentimento/inspections';
/**
 * Files of a run that affect what the panels and the tree show, and the folders themselves: of a folder that is deleted
 * or moved as a whole, VS Code does not report the files.
 */
const WATCHED = [
  `**/${RUNS_FOLDER}/*/{run.json,train.lock,selection.json,note.txt,recommendations.json,analysis.json,analyses/*.json,checkpoints/*.safetensors}`,
  `**/${RUNS_FOLDER}/*`,
  `**/${INSPECTIONS_FOLDER}/*/{inspection.json,selection.json,recommendations.json,analysis.json}`,
  `**/${INSPECTIONS_FOLDER}/*`,
  '**/.pentimento',
];
const SETTLE_MS = 150;
/** A workspace with more is a data store. */
const MOST_RUNS = 1000;
/** Runs that are read at the same time, so that not all their documents are in memory at once. */
const AT_ONCE = 8;
/** A killed training leaves its lock behind without any file change, so locks are checked this often. */
const LOOK_MS = 15_000;

/** A run of the workspace, or the results of an inspection of another model, as far as its small files show. */
export interface RunEntry {
  readonly uri: Uri;
  readonly name: string;
  /** Null for an inspection, and for a run that cannot be read: `fault` says why. */
  readonly record: RunRecord | null;
  /** Of an inspection of a recording, or of a model with data, which has no training and no states. */
  readonly inspection: InspectionRecord | null;
  readonly fault: Fault | null;
  readonly states: readonly string[];
  readonly analysed: readonly string[];
  /** One for each task at most, the latest first. */
  readonly selections: readonly Selection[];
  /** The user's own words about it; empty without any. */
  readonly note: string;
  readonly lastMetric: Metric | null;
  /** The process that trains it now, from this window, another one or a terminal; null if there is none. */
  readonly trainedBy: LockOwner | null;
}

/** Whether its training was started but not finished. */
export const isUnfinished = ({ record, lastMetric }: RunEntry): boolean =>
  record !== null && (lastMetric?.step ?? 0) < record.totalSteps;

/** Whether it can be resumed: it saved a state, and nothing is training it. */
export const isResumable = (run: RunEntry): boolean =>
  isUnfinished(run) && run.states.length > 0 && run.trainedBy === null;

/** The current trainer of this run, according to its lock. */
export const trainerOf = async (run: Uri): Promise<LockOwner | null> =>
  run.scheme === 'file' ? holderOf(run.fsPath, 'train') : null;

/** What a layer is of: a run, a model with data that was inspected, or a recording, which has no model. */
export type Subject = 'run' | 'model' | 'recording';

export const subjectOf = ({ inspection }: RunEntry): Subject => {
  if (inspection === null) return 'run';
  return inspection.inspection.model === undefined ? 'recording' : 'model';
};

/** Whether a folder has the results of an inspection, by where it is. */
export const isInspection = ({ path }: Uri): boolean =>
  path.slice(0, path.lastIndexOf('/')).endsWith(INSPECTIONS_FOLDER);

const readEntry = async (uri: Uri): Promise<RunEntry> => {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const empty = {
    uri,
    name,
    record: null,
    inspection: null,
    fault: null,
    states: [],
    analysed: [],
    selections: [],
    note: '',
    lastMetric: null,
    trainedBy: null,
  };
  // Includes the documents' schemas, which are not needed for activation.
  const [
    { listAnalysed, listStates, readInspection, readRecord, readSelections },
    { readLastMetric },
    { readNote },
  ] = await Promise.all([import('./readRun.ts'), import('./readMetrics.ts'), import('./note.ts')]);
  try {
    if (isInspection(uri)) {
      const inspection = await readInspection(uri);
      const [analysed, selections] = await Promise.all([listAnalysed(uri), readSelections(uri)]);
      return { ...empty, inspection, analysed: analysed.map(({ state }) => state), selections };
    }
    const record = await readRecord(uri);
    const [states, analysed, selections, note, lastMetric, trainedBy] = await Promise.all([
      listStates(uri),
      listAnalysed(uri),
      readSelections(uri),
      readNote(uri),
      readLastMetric(uri),
      trainerOf(uri),
    ]);
    return {
      uri,
      name,
      record,
      inspection: null,
      fault: null,
      states,
      analysed: analysed.map(({ state }) => state),
      selections,
      note,
      lastMetric,
      trainedBy,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...empty, fault: error };
  }
};

/** The runs and inspections of the workspace: read on first use, then updated by watching their files. */
export class RunLibrary implements Disposable {
  private entries: Promise<readonly RunEntry[]> | null = null;
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: Disposable[] = [this.changed];
  private settling: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;

  /** Newest first. */
  all(): Promise<readonly RunEntry[]> {
    if (this.entries === null) {
      this.watch();
      this.entries = this.readAll();
    }
    return this.entries;
  }

  /** The current state of one run, read separately, so that a panel on it need not wait for all the others. */
  read(run: Uri): Promise<RunEntry> {
    return readEntry(run);
  }

  refresh(): void {
    this.entries = null;
    this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.settling);
    clearTimeout(this.looking);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async readAll(): Promise<readonly RunEntry[]> {
    const roots = (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const folders = await Promise.all(
      roots.flatMap((root) => [RUNS_FOLDER, INSPECTIONS_FOLDER].map((name) => foldersIn(at(root, name)))),
    );
    const entries = await inTurns(folders.flat().slice(0, MOST_RUNS), AT_ONCE, readEntry);
    this.lookAfter(entries);
    const created = ({ record, inspection }: RunEntry) => (record ?? inspection)?.created ?? '';
    return entries.sort((a, b) => created(b).localeCompare(created(a)) || a.name.localeCompare(b.name));
  }

  private lookAfter(entries: readonly RunEntry[]): void {
    clearTimeout(this.looking);
    const held = entries.filter(({ trainedBy }) => trainedBy !== null);
    if (held.length === 0) return;
    const look = async (): Promise<void> => {
      const trainers = await Promise.all(held.map(({ uri }) => trainerOf(uri)));
      if (trainers.includes(null)) this.refresh();
      else this.lookAfter(entries);
    };
    this.looking = setTimeout(() => void look(), LOOK_MS);
  }

  private watch(): void {
    if (this.disposables.length > 1) return;
    const settle = (): void => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.refresh(), SETTLE_MS);
    };
    for (const pattern of WATCHED) {
      const watcher = workspace.createFileSystemWatcher(pattern);
      this.disposables.push(
        watcher,
        watcher.onDidCreate(settle),
        watcher.onDidChange(settle),
        watcher.onDidDelete(settle),
      );
    }
    this.disposables.push(workspace.onDidChangeWorkspaceFolders(settle));
  }
}

const foldersIn = async (runs: Uri): Promise<Uri[]> => {
  // Checked first, because VS Code logs a failed listing as an error.
  if (!(await exists(runs))) return [];
  try {
    const entries = await workspace.fs.readDirectory(runs);
    return entries.filter(([, type]) => (type & FileType.Directory) !== 0).map(([name]) => at(runs, name));
  } catch {
    return [];
  }
};

import { resolve, sep } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import { Fault, type RecordingSummary } from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { adviceWords } from '../runs/adviceWords.ts';
import { stampOf } from '../runs/files.ts';
import { keepWhileSame } from '../runs/keepWhileSame.ts';
import type { RunEntry, RunLibrary } from '../runs/runLibrary.ts';
import type { ShownAction } from '../shown/codeLens.ts';
import { recordingWords } from './recordingWords.ts';

/** What is known of the representations in a file that code names. */
export interface Representations {
  /** What the file holds if it is a recording of activations; null for anything else. */
  readonly holds: string | null;
  /** The results of its inspection. */
  readonly results: readonly string[];
  readonly actions: readonly ShownAction[];
}

const KEPT = 500;
/** More would not fit into a hover. */
const MOST_TASKS = 5;
/** Files that may hold activations; `.bin`, `.pt` and the like hold weights more often. */
const MAY_RECORD = /\.(?:npz|npy|safetensors|pt|pth|bin|h5|hdf5)$/i;
const IS_ARRAYS = /\.(?:npz|npy)$/i;
const IS_MODEL = /\.onnx$/i;

/** The file or folder that was inspected. */
const inspectedPath = ({ inspection }: RunEntry): string | null => {
  if (inspection === null) return null;
  const { recording, model } = inspection.inspection;
  const path = recording ?? model;
  return typeof path === 'string' ? resolve(inspection.baseDirectory, path) : null;
};

/** The recordings of activations, and the models, whose representations were or can be inspected. */
export class Recordings {
  private readonly summaryIn: (file: string) => Promise<RecordingSummary | null>;

  constructor(
    engine: Engine,
    private readonly runs: RunLibrary,
  ) {
    this.summaryIn = keepWhileSame(KEPT, { now: (file) => stampOf(Uri.parse(file)) }, (file) =>
      // A file that is no recording is no fault here.
      engine.run('describeRecording', { file: Uri.parse(file).fsPath }).catch((error: unknown) => {
        if (error instanceof Fault) return null;
        throw error;
      }),
    );
  }

  /** What the file holds if it is a recording of activations; null for anything else. */
  async holds(file: Uri): Promise<string | null> {
    return (await this.look(file)).holds;
  }

  async of(file: Uri): Promise<Representations> {
    const { holds, run } = await this.look(file);
    const actions: ShownAction[] = [];
    if (workspace.isTrusted && (holds !== null || IS_MODEL.test(file.path))) {
      const title = l10n.t('Inspect Representations');
      actions.push({ title, command: 'pentimento.inspectRepresentations', arguments: [file] });
    }
    if (run !== null && run.analysed.length > 0) {
      actions.push({ title: l10n.t('Probes'), command: 'pentimento.openProbes', arguments: [run.uri] });
    }
    return { holds, results: run === null ? [] : await resultsOf(run), actions };
  }

  private async look(file: Uri): Promise<{ readonly holds: string | null; readonly run: RunEntry | null }> {
    const [summary, run] = await Promise.all([
      MAY_RECORD.test(file.path) ? this.summaryIn(file.toString()) : null,
      this.inspectionOf(file),
    ]);
    // Of arrays alone, shapes cannot tell activations from weights.
    const isRecording =
      summary !== null && (summary.isConventional || IS_ARRAYS.test(file.path) || run !== null);
    return { holds: isRecording ? recordingWords(summary) : null, run };
  }

  /** The newest inspection of this file, or of a folder that it is in; one with results, if there is any. */
  private async inspectionOf({ fsPath }: Uri): Promise<RunEntry | null> {
    // The tree reports what cannot be listed.
    const all = await this.runs.all().catch(() => []);
    const own = all.filter((run) => {
      const path = inspectedPath(run);
      return path !== null && (fsPath === path || fsPath.startsWith(path + sep));
    });
    return own.find(({ analysed }) => analysed.length > 0) ?? own[0] ?? null;
  }
}

const resultsOf = async ({ uri, name, analysed }: RunEntry): Promise<string[]> => {
  if (analysed.length === 0) return [];
  // With the schemas of documents, which activation does without.
  const { readAnalysis, readRecommendations } = await import('../runs/readRun.ts');
  try {
    const advice = await readRecommendations(uri, readAnalysis(uri, 'last'));
    return [l10n.t('Inspected as {0}', name), ...advice.slice(0, MOST_TASKS).map(adviceWords)];
  } catch (error) {
    if (error instanceof Fault) return [error.message];
    throw error;
  }
};

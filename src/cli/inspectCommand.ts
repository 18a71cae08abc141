import { stat } from 'node:fs/promises';
import { recommendAll } from '../choose/index.ts';
import { loadExperiment, located } from '../experiment/index.ts';
import { inspectInto } from '../inspect/index.ts';
import { openBackend } from '../runtime/index.ts';
import { mayBeRecording, runSource } from '../sources/index.ts';
import { holdsRun } from '../store/index.ts';
import { openTrainedRun, type TrainedRun } from '../train/index.ts';
import { describeAnalysis } from './analysisText.ts';
import { inspectPath } from './inspectFile.ts';
import type { Computing } from './options.ts';
import { print, withProgress } from './terminal.ts';

export interface InspectOptions extends Computing {
  readonly state: string;
  readonly experiment?: string;
  readonly baselines?: boolean;
  readonly out?: string;
  readonly data?: string;
  readonly tokenizer?: string;
}

/** The run with the questions of an experiment file instead of its own. */
async function openAsked(folder: string, state: string, file: string): Promise<TrainedRun> {
  const questions = await loadExperiment(file);
  return located(file, questions, () => openTrainedRun(folder, state, questions));
}

/** A file is an inspection file or a recording; a folder is a run, or else the files of a recording. */
export async function inspectCommand(path: string, options: InspectOptions): Promise<void> {
  const stats = await stat(path).catch(() => null);
  const isRecording =
    stats === null
      ? /\.\w+$/.test(path)
      : !stats.isDirectory() || (!(await holdsRun(path)) && (await mayBeRecording(path)));
  return isRecording ? inspectPath(path, options) : inspectRun(path, options);
}

async function inspectRun(folder: string, options: InspectOptions): Promise<void> {
  const { experiment: file, state, baselines } = options;
  const trained = await (file === undefined ? openTrainedRun(folder, state) : openAsked(folder, state, file));
  const backend = await openBackend(options.backend, { threads: options.threads });
  const analysis = await withProgress(options.json, (onProgress, signal) =>
    inspectInto({
      into: trained.run,
      source: runSource(trained, trained.state, backend),
      asked: trained.experiment,
      state,
      backend,
      recommend: recommendAll,
      baselines,
      onProgress,
      signal,
    }),
  );
  await print(
    options.json,
    () => analysis,
    () => describeAnalysis(analysis),
  );
}

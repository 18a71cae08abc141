import { loadExperiment } from '../experiment/index.ts';
import { describeAnalysis, inspectModel } from '../inspect/index.ts';
import type { Analysis } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { openTrainedRun, type TrainedRun } from '../train/index.ts';
import { located } from './located.ts';
import type { Computing } from './options.ts';
import { print, withProgress } from './terminal.ts';

export interface InspectOptions extends Computing {
  readonly checkpoint: string;
  readonly experiment?: string;
}

/** The run with the questions of an experiment file in place of its own. */
async function openAsked(folder: string, checkpoint: string, file: string): Promise<TrainedRun> {
  const questions = await loadExperiment(file);
  return located(file, questions, () => openTrainedRun(folder, checkpoint, questions));
}

/** Analyses a run at a checkpoint and writes `analysis.json` into it. */
export async function inspectRun(folder: string, options: InspectOptions): Promise<Analysis> {
  const { experiment: file, checkpoint } = options;
  const trained = await (file === undefined
    ? openTrainedRun(folder, checkpoint)
    : openAsked(folder, checkpoint, file));
  const backend = await openBackend(options.backend, { threads: options.threads });
  const { experiment, data, model, state, run } = trained;
  const analysis = await withProgress((onProgress, signal) =>
    inspectModel({
      experiment,
      data,
      model,
      variables: state.variables,
      backend,
      epoch: state.epoch,
      step: state.step,
      onProgress,
      signal,
    }),
  );
  await run.writeAnalysis(analysis);
  return analysis;
}

export async function inspectCommand(folder: string, options: InspectOptions): Promise<void> {
  const analysis = await inspectRun(folder, options);
  print(options.json, analysis, () => describeAnalysis(analysis));
}

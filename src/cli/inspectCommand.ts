import { describeAnalysis, inspectModel } from '../inspect/index.ts';
import type { Analysis } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { openTrainedRun } from '../train/index.ts';
import type { Computing } from './options.ts';
import { print, withProgress } from './terminal.ts';

export interface InspectOptions extends Computing {
  readonly checkpoint: string;
}

/** Analyses a run at a checkpoint and writes `analysis.json` into it. */
export async function inspectRun(folder: string, options: InspectOptions): Promise<Analysis> {
  const trained = await openTrainedRun(folder, options.checkpoint);
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

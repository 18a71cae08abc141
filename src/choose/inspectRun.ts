import { whileLocked } from '../disk/index.ts';
import { inspectModel } from '../inspect/index.ts';
import { type Analysis, Fault, type OnProgress, type Recommendation } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { TrainedRun } from '../train/index.ts';
import { recommend } from './recommend.ts';

export interface InspectRunRequest {
  readonly trained: TrainedRun;
  readonly checkpoint: string;
  readonly backend: Backend;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const tasksOf = ({ layers }: Analysis): string[] => [
  ...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task))),
];

/** The layer to keep for every downstream task, in the experiment's order; a task that no probe scored is left out. */
export const recommendAll = (analysis: Analysis): Recommendation[] =>
  tasksOf(analysis).flatMap((task) => {
    try {
      return [recommend(analysis, { task })];
    } catch (error) {
      if (error instanceof Fault && error.kind === 'run') return [];
      throw error;
    }
  });

/**
 * Analyses a run at a checkpoint and writes the analysis into it; that of the newest state adds recommendations. Only
 * one process at a time inspects a run; a training may continue meanwhile, because a state is complete once it can be
 * read.
 */
export const inspectRun = (request: InspectRunRequest): Promise<Analysis> =>
  whileLocked(request.trained.run.folder, 'inspect', async (lock) => {
    const { trained, checkpoint, backend, onProgress, signal } = request;
    const { experiment, data, model, state } = trained;
    const run = await trained.run.under(lock);
    const analysis = await inspectModel({
      experiment,
      data,
      model,
      variables: state.variables,
      backend,
      epoch: state.epoch,
      step: state.step,
      onProgress,
      signal,
    });
    await run.writeAnalysis(analysis, checkpoint);
    if (checkpoint === 'last') {
      await run.writeRecommendations({ step: analysis.step, recommendations: recommendAll(analysis) });
    }
    return analysis;
  });

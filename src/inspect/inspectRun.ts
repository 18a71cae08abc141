import { whileLocked } from '../disk/index.ts';
import type { Analysis, OnProgress, Recommendation } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { TrainedRun } from '../train/index.ts';
import { inspectModel } from './index.ts';
import { isUntrainedCheap } from './untrained.ts';

export interface InspectRunRequest {
  readonly trained: TrainedRun;
  /** Name of the state, such as `last`. */
  readonly state: string;
  readonly backend: Backend;
  /** The recommendations that come with the analysis of the newest state. */
  readonly recommend: (analysis: Analysis) => Recommendation[];
  /** Also probe an untrained encoder. Default: if that costs less than a tenth of the training. */
  readonly baselines?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Analyses a run at a state and writes the analysis into it; that of the newest state adds recommendations. Only
 * one process at a time inspects a run; a training may continue meanwhile, because a state is complete once it can be
 * read.
 */
export const inspectRun = (request: InspectRunRequest): Promise<Analysis> =>
  whileLocked(request.trained.run.folder, 'inspect', async (lock) => {
    const { trained, state, backend, recommend, baselines, onProgress, signal } = request;
    const { experiment, data, model } = trained;
    const run = await trained.run.under(lock);
    const analysis = await inspectModel({
      experiment,
      data,
      model,
      variables: trained.state.variables,
      backend,
      epoch: trained.state.epoch,
      step: trained.state.step,
      untrained: experiment.downstream.length > 0 && (baselines ?? isUntrainedCheap(experiment, data)),
      onProgress,
      signal,
    });
    await run.writeAnalysis(analysis, state);
    if (state === 'last') {
      await run.writeRecommendations({ step: analysis.step, recommendations: recommend(analysis) });
    }
    return analysis;
  });

import { whileLocked } from '../disk/index.ts';
import type { Analysis, OnProgress, Recommendation } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { Source } from '../sources/index.ts';
import type { Run } from '../store/index.ts';
import type { Asked } from './inspection.ts';
import { inspectSource } from './inspectSource.ts';

export interface InspectRunRequest {
  readonly run: Run;
  /** The state of the run. */
  readonly source: Source;
  readonly asked: Asked;
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
  whileLocked(request.run.folder, 'inspect', async (lock) => {
    const { source, asked, state, backend, recommend, baselines, onProgress, signal } = request;
    const run = await request.run.under(lock);
    const analysis = await inspectSource({
      source,
      asked,
      backend,
      untrained: asked.downstream.length > 0 && (baselines ?? source.isUntrainedCheap),
      onProgress,
      signal,
    });
    await run.writeAnalysis(analysis, state);
    if (state === 'last') {
      await run.writeRecommendations({ step: analysis.step, recommendations: recommend(analysis) });
    }
    return analysis;
  });

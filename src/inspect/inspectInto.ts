import { type Lock, whileLocked } from '../disk/index.ts';
import type { Analysis, OnProgress, Recommendation, Recommendations } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { Source } from '../sources/index.ts';
import type { FoundSoFar } from './foundSoFar.ts';
import type { Asked } from './inspection.ts';
import { inspectSource } from './inspectSource.ts';

/** A folder that keeps analyses: a run, or an inspection of a model from elsewhere. */
interface AnalysisFolder {
  readonly folder: string;
  under(lock: Lock): Promise<{
    writeAnalysis(analysis: Analysis, state: string): Promise<void>;
    writeRecommendations(recommendations: Recommendations): Promise<void>;
    /** Of a folder whose inspections are continued when they were ended. */
    unfinished?(backend: string): (FoundSoFar & { remove(): Promise<void> }) | null;
  }>;
}

export interface InspectionRequest {
  readonly into: AnalysisFolder;
  /** The state of the run, or the recording. */
  readonly source: Source;
  readonly asked: Asked;
  /** Name of the state of a run. Default: `last`. */
  readonly state?: string;
  readonly backend: Backend;
  /** The recommendations that come with the analysis of the newest state. */
  readonly recommend: (analysis: Analysis) => Recommendation[];
  /** Also probe an untrained encoder. Default: if that costs less than a tenth of the training. */
  readonly baselines?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Analyses a source and writes the analysis into its folder; that of the newest state adds recommendations. Only one
 * process at a time inspects a folder; a training may continue meanwhile, because a state is complete once it can be
 * read.
 */
export const inspectInto = (request: InspectionRequest): Promise<Analysis> =>
  whileLocked(request.into.folder, 'inspect', async (lock) => {
    const { source, asked, state = 'last', backend, recommend, baselines, onProgress, signal } = request;
    const folder = await request.into.under(lock);
    const found = folder.unfinished?.(backend.reason) ?? null;
    const analysis = await inspectSource({
      source,
      asked,
      backend,
      untrained: asked.downstream.length > 0 && (baselines ?? source.isUntrainedCheap),
      found,
      onProgress,
      signal,
    });
    await folder.writeAnalysis(analysis, state);
    if (state === 'last') {
      await folder.writeRecommendations({ step: analysis.step, recommendations: recommend(analysis) });
    }
    await found?.remove();
    return analysis;
  });

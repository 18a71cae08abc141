import { recommend, recommendationsOverSeeds, type SeededRecommendation } from '../choose/index.ts';
import { type Analysis, type Criterion, Fault } from '../protocol/index.ts';
import { openAnalysed } from '../store/index.ts';
import type { Common } from './options.ts';
import { formatOverSeeds, formatRecommendation } from './recommendationText.ts';
import { print } from './terminal.ts';

export interface RecommendOptions extends Common {
  readonly state: string;
  readonly task?: string;
  readonly method?: string;
  readonly on?: string;
  readonly criterion: Criterion;
  /** A share. */
  readonly within?: number;
}

/** An analysis does not know its file, so faults about it get its path here. */
function located<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.where !== '') throw error;
    throw new Fault(error.kind, error.what, path, error.remedy, { cause: error });
  }
}

export async function recommendCommand(
  folders: readonly string[],
  { json, state, ...question }: RecommendOptions,
): Promise<void> {
  const runs: (SeededRecommendation & Pick<Analysis, 'cautions'>)[] = [];
  for (const folder of folders) {
    const run = await openAnalysed(folder);
    const analysis = await run.readAnalysis(state);
    const recommendation = located(run.analysisPathOf(state), () => recommend(analysis, question));
    runs.push({ folder, seed: analysis.seed, recommendation, cautions: analysis.cautions });
  }
  if (runs.length === 1) {
    const [{ recommendation, cautions }] = runs;
    await print(
      json,
      () => recommendation,
      () => formatRecommendation(recommendation, cautions),
    );
    return;
  }
  const overSeeds = recommendationsOverSeeds(runs);
  await print(
    json,
    () => overSeeds,
    () => formatOverSeeds(overSeeds),
  );
}

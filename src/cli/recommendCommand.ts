import { formatRecommendation, recommend } from '../choose/index.ts';
import { openRun } from '../store/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface RecommendOptions extends Common {
  readonly task?: string;
  readonly method?: string;
  readonly on?: string;
}

export async function recommendCommand(
  folder: string,
  { json, task, method, on }: RecommendOptions,
): Promise<void> {
  const analysis = await (await openRun(folder)).readAnalysis();
  const recommendation = recommend(analysis, { task, method, on });
  print(json, recommendation, () => formatRecommendation(recommendation));
}

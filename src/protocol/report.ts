import type { Analysis } from './analysis.ts';
import type { Recommendation } from './recommendation.ts';
import type { Metric, RunRecord } from './run.ts';

/** What the report page reads: the run without its folder, so that a report can be sent to anyone. */
export interface ReportDocument {
  readonly run: Omit<RunRecord, 'baseDirectory'>;
  readonly metrics: readonly Metric[];
  readonly analysis: Analysis;
  readonly recommendations: readonly Recommendation[];
}

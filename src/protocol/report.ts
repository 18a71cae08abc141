import type { Analysis } from './analysis.ts';
import type { InspectionRecord } from './inspection.ts';
import type { Recommendation } from './recommendation.ts';
import type { Metric, RunRecord } from './run.ts';

/** What was inspected, without its folder, so that a report can be sent to anyone. */
export type ReportSubject =
  | { readonly kind: 'run'; readonly record: Omit<RunRecord, 'baseDirectory'> }
  | { readonly kind: 'inspection'; readonly record: Omit<InspectionRecord, 'baseDirectory'> };

/** What the report page reads. */
export interface ReportDocument {
  readonly subject: ReportSubject;
  /** Of a training; else empty. */
  readonly metrics: readonly Metric[];
  readonly analysis: Analysis;
  readonly recommendations: readonly Recommendation[];
}

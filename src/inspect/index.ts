export { describeAnalysis } from './describe.ts';
export { type EpochInspection, epochInspector } from './epochInspector.ts';
export type { InspectOptions } from './inspection.ts';
export { inspectModel } from './inspectModel.ts';
export type { ViewSizes } from './views/views.ts';

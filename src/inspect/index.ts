export { type EpochInspection, epochInspector } from './epochInspector.ts';
export type { InspectOptions } from './inspection.ts';
export { inspectModel } from './inspectModel.ts';
export { type InspectRunRequest, inspectRun } from './inspectRun.ts';
export type { ViewSizes } from './views/views.ts';

export { describeAnalysis } from './describe.ts';
export { type InspectOptions, inspectModel } from './inspectModel.ts';
export type { ViewSizes } from './views.ts';

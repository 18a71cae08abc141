export { epochInspector } from './epochInspector.ts';

export { inspectModel } from './inspectModel.ts';
export { inspectRun } from './inspectRun.ts';

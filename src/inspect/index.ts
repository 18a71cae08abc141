export { epochInspector } from './epochInspector.ts';
export { inspectRun } from './inspectRun.ts';

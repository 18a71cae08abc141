export { epochInspector } from './epochInspector.ts';
export { inspectInto } from './inspectInto.ts';

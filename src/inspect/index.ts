export { epochInspector } from './epochInspector.ts';
export { type FittedHead, fitHead, type HeadRequest } from './fitHead.ts';
export { inspectInto } from './inspectInto.ts';

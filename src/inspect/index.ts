export { epochInspector } from './epochInspector.ts';
export { type FittedHead, fitHead, type HeadRequest } from './fitHead.ts';
export { inspectFile } from './inspectFile.ts';
export { inspectInto } from './inspectInto.ts';

import './gradients.ts';

export { openEagerBackend } from './eager.ts';
export { BACKENDS, type BackendChoice, openBackend } from './openBackend.ts';
export * from './program.ts';
export { type RecordedProgram, type RecordOptions, record } from './recorder/record.ts';
export * from './tensorData.ts';

export { createRun, holdsRun, openRun, Run, type SaveOptions } from './run.ts';
export type { TrainingState } from './trainingState.ts';

export { InspectionFolder, openAnalysed } from './inspectionFolder.ts';
export { createRun, holdsRun, openRun, Run } from './run.ts';
export type { TrainingState } from './trainingState.ts';

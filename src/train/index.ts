export { commandLine } from './commandLine.ts';
export type { Preparation } from './preparation.ts';
export { withDefaults } from './runFolder.ts';
export { type TrainRequest, train } from './train.ts';
export { openTrainedRun, recordedExperiment, type TrainedRun } from './trainedRun.ts';
export { versions } from './versions.ts';

export type { Preparation } from './preparation.ts';
export { type EpochVisit, train } from './train.ts';
export { openTrainedRun, recordedExperiment, type TrainedRun } from './trainedRun.ts';

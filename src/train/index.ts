export { openStepInputs, type StepInputs } from './batches.ts';
export { type Preparation, prepare } from './preparation.ts';
export { type CompiledStep, compileStep, type StepState } from './step.ts';
export { type EpochVisit, type Training, type TrainRequest, train } from './train.ts';
export { openTrainedRun, recordedExperiment, type TrainedRun } from './trainedRun.ts';

export { buildModel, type ModelContext } from './build.ts';
export { forwardFunction, variablesFor } from './forwardFunction.ts';
export type { Loss, LossBatch } from './loss/loss.ts';
export { lossOf } from './loss/lossOf.ts';
export { type PopulationKind, populationInputs, populationKind, populationLoss } from './loss/population.ts';
export * from './model.ts';
export { reweightingCutoff, reweightingFactors } from './reweighting.ts';
export { learningRateAt } from './schedule.ts';
export {
  makeTrainingStep,
  type StateSpec,
  type TrainingStep,
  type TrainingStepSpec,
} from './trainingStep.ts';

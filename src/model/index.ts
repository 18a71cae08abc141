export { buildModel } from './build.ts';
export { forwardFunction, variablesFor } from './forwardFunction.ts';
export type { Loss } from './loss/loss.ts';
export { lossOf } from './loss/lossOf.ts';
export { populationInputs, populationKind } from './loss/population.ts';
export * from './model.ts';
export { type Pooling, pooledSize, poolingOfWords, poolingWords } from './pooling.ts';
export { learningRateAt } from './schedule.ts';
export { makeTrainingStep } from './trainingStep.ts';

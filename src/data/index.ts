export { type BatchOptions, openBatches } from './batches.ts';
export { type BatchTask, makeViews } from './batchPlan.ts';
export { type ChannelStatistics, channelStatistics } from './channelStatistics.ts';
export * from './dataSet.ts';
export { type CategoricalFactor, categoricalFactor } from './factors.ts';
export { loadData, loadSplit } from './loadData.ts';
export { populationOf } from './population.ts';
export { openStream, permutation, type RandomStream } from './random.ts';
export { storeOf } from './storedDataSet.ts';

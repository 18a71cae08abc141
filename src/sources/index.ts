export * from './representation.ts';
export { passingSource, runSource, type Trained, type TrainedState } from './run/runSource.ts';
export * from './source.ts';

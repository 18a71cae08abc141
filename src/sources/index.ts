export { DESCRIPTION_KEY, type RecordingDescription } from './recording/description.ts';
export { openRecording } from './recording/recordingSource.ts';
export * from './representation.ts';
export { passingSource, runSource, type Trained, type TrainedState } from './run/runSource.ts';
export * from './source.ts';

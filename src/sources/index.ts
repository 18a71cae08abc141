export { openModel } from './model/openModel.ts';
export { DESCRIPTION_KEY, type RecordingDescription } from './recording/description.ts';
export { mayBeRecording } from './recording/recordedFiles.ts';
export type { OpenRecording } from './recording/recordedSource.ts';
export { openRecording } from './recording/recordingSource.ts';
export * from './representation.ts';
export { passingSource, runSource, type Trained, type TrainedState } from './run/runSource.ts';
export * from './source.ts';

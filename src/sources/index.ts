export { type FileQuestion, inspectionFileFor } from './inspectionFile.ts';
export type { TappedLayer } from './model/tappedLayer.ts';
export { openInspected, type Reopened, reopenInspected } from './openInspected.ts';
export { kindOfJson } from './recording/containers/container.ts';
export { DESCRIPTION_KEY, type RecordingDescription } from './recording/description.ts';
export { mayBeRecording } from './recording/recordedFiles.ts';
export * from './representation.ts';
export { passingSource, runSource, type Trained, type TrainedState } from './run/runSource.ts';
export * from './source.ts';

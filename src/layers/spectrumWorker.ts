/** Worker-thread entry: measures layers, or counts in all other tensors, given the path of their file. */
export { runSpectraTask, runValuesTask } from './spectrumTask.ts';

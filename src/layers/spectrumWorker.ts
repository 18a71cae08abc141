/** Worker-thread entry: measures layers, or counts in all tensors that are none, from the path of their file. */
export { runSpectraTask, runValuesTask } from './spectrumTask.ts';

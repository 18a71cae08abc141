/** Worker-thread entry: measures one layer, or counts in all tensors that are none, from the path of their file. */
export { runSpectrumTask, runValuesTask } from './spectrumTask.ts';

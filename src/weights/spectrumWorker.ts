/** Worker-thread entry: measures one layer, from the path of its file. */
export { runSpectrumTask } from './spectrumTask.ts';

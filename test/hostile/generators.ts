import { oneOf, randomOf } from '../corpus/random.ts';
import { documents } from './documents.ts';
import { experiments } from './experiments.ts';
import type { Generator } from './generator.ts';
import { ggufFiles } from './ggufFiles.ts';
import { hdf5Files } from './hdf5Files.ts';
import { npyFiles } from './npyFiles.ts';
import { onnxModels } from './onnxModels.ts';
import { pickles } from './pickles.ts';
import { recordingFiles } from './recordingFiles.ts';
import { safetensorsFiles } from './safetensorsFiles.ts';
import { type Trial, tried } from './trial.ts';
import { zipArchives } from './zipArchives.ts';

export const GENERATORS: readonly Generator[] = [
  pickles,
  onnxModels,
  zipArchives,
  hdf5Files,
  recordingFiles,
  safetensorsFiles,
  npyFiles,
  ggufFiles,
  experiments,
  documents,
];

/** Processor time of all threads together. */
const MAX_CPU_SECONDS = 2;
const MAX_BYTES = 300e6;

/**
 * One case of a generator: which depends only on the number. Cases range from hostile values in every place to hardly
 * any, so that they are read to the end; `calm` fixes how rare they are.
 */
export const hostileCase = (
  { name, run, maxCpuSeconds }: Generator,
  seed: number,
  calm?: number,
): Promise<Trial> => {
  const random = randomOf(`${name}:${seed}`);
  const drawn = oneOf([1, 3, 10, 30, 100], random);
  const limits = { cpuSeconds: maxCpuSeconds ?? MAX_CPU_SECONDS, bytes: MAX_BYTES };
  return tried(() => run(Object.assign(random, { calm: calm ?? drawn })), limits);
};

/** If a key from a file polluted the prototype, every object would have additional keys. */
export const isPolluted = (): boolean => {
  for (const key in {}) return key !== undefined;
  return 'polluted' in {};
};

import { resolve } from 'node:path';
import { matrixOf } from '../../spectrum/index.ts';
import type { Classifier } from '../source.ts';
import { conventional, isConventional } from './convention.ts';
import { descriptionIn } from './description.ts';
import { laidOut } from './laidOut.ts';
import { RecordedFiles } from './recordedFiles.ts';
import { type OpenRecording, type Recorded, type RecordingOptions, sourceOf } from './recordedSource.ts';

/**
 * Activations that were saved in one of the layouts of docs/recordings.md. Only labels are read now.
 * @throws Fault (input) for a layout that is none or leaves something open, and for a layer that there is not.
 */
export const openRecording = async (path: string, options: RecordingOptions): Promise<OpenRecording> => {
  const files = await RecordedFiles.of(path);
  try {
    const recorded = {
      ...(await recordedIn(files, options)),
      stamp: await files.stamp(),
      isReadApart: true,
    };
    return await sourceOf(recorded, options, () => files.close());
  } catch (error) {
    await files.close();
    throw error;
  }
};

/** By the convention, if the file follows it and nothing else is said; else by its layout. */
const recordedIn = async (
  files: RecordedFiles,
  options: RecordingOptions,
): Promise<Omit<Recorded, 'stamp' | 'isReadApart'>> => {
  const baseDirectory = resolve(options.baseDirectory ?? '.');
  if (files.isFolder || options.layout !== undefined) return laidOut(files, options, baseDirectory);
  const checkpoint = await files.open(files.names[0]);
  if (!isConventional(checkpoint)) return laidOut(files, options, baseDirectory);
  return {
    ...conventional(files, checkpoint),
    splitNames: null,
    description: descriptionIn(checkpoint.metadata, checkpoint.path),
    classifier: await classifierIn(files),
    found: {},
    assumed: [],
  };
};

/** The linear classifier on top, if it was recorded. */
const classifierIn = async (files: RecordedFiles): Promise<Classifier | null> => {
  const { tensors, read } = await files.open(files.names[0]);
  const entry = tensors.get('classifier/weight');
  if (entry === undefined || entry.shape.length !== 2) return null;
  const [classes, width] = entry.shape;
  const weight = await read('classifier/weight');
  const bias = tensors.has('classifier/bias') ? await read('classifier/bias') : null;
  return {
    weights: matrixOf(classes, width, weight.data),
    bias: Float64Array.from(bias?.data ?? new Float64Array(classes)),
  };
};

import type { AugmentationSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { extentOf } from './image.ts';
import type { SampleStore } from './sampleStore.ts';

const FOR_VECTORS: readonly AugmentationSpec['kind'][] = ['additive', 'drop', 'resample', 'gaussian-noise'];

/**
 * Refuses image augmentations if the samples turn out to be vectors, which is known of npz files only when they are
 * read. What an experiment file alone shows is checked in src/experiment.
 */
export const checkImages = (augmentation: readonly AugmentationSpec[], { shape }: SampleStore): void => {
  if (extentOf(shape) !== null) return;
  for (const [index, { kind }] of augmentation.entries()) {
    if (FOR_VECTORS.includes(kind)) continue;
    throw inputFault(
      `${kind} works on images only`,
      `/augmentation/${index}`,
      `Remove it, or use gaussian-noise; these samples are vectors of ${shape[0]}`,
    );
  }
};

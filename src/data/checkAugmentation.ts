import type { AugmentationSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { extentOf } from './image.ts';
import type { SampleStore } from './sampleStore.ts';

const countOf = (values: number, noun: string): string => `${values} ${noun}${values === 1 ? '' : 's'}`;

const checkCount = (option: number | readonly number[], features: number, where: string): void => {
  if (typeof option === 'number' || option.length === features) return;
  throw inputFault(
    `has ${countOf(option.length, 'value')} for ${countOf(features, 'feature')}`,
    where,
    'Give one value, or one for each feature in /data/strengths',
  );
};

const checkRange = ([low, high]: readonly [number, number], where: string): void => {
  if (low <= high) return;
  throw inputFault(`runs from ${low} down to ${high}`, where, 'Put the smaller value first');
};

const checkPlace = (operation: AugmentationSpec, store: SampleStore, where: string): void => {
  const { kind } = operation;
  const refuse = (needs: string, remedy: string) => {
    throw inputFault(`${kind} works on ${needs} only`, where, remedy);
  };
  switch (kind) {
    case 'gaussian-noise':
      return;
    case 'additive':
    case 'drop':
    case 'resample':
      if (store.kind !== 'coordinates') {
        refuse('synthetic data', 'Remove it, or use gaussian-noise');
      }
      return;
    case 'drop-digit':
      if (store.kind !== 'composition') refuse('digits-on-clothes', 'Remove it, or change /data/kind');
      return;
    default:
      if (extentOf(store.shape) === null) {
        refuse('images', `Remove it, or use gaussian-noise; these samples are vectors of ${store.shape[0]}`);
      }
  }
};

/**
 * Refuses augmentations that the samples do not allow, and lists that do not fit the number of features.
 * @throws Fault at `/augmentation/<index>` or the option below it.
 */
export const checkAugmentation = (augmentation: readonly AugmentationSpec[], store: SampleStore): void => {
  augmentation.forEach((operation, index) => {
    const where = `/augmentation/${index}`;
    checkPlace(operation, store, where);
    if (operation.kind === 'additive') checkCount(operation.sigma, store.shape[0], `${where}/sigma`);
    if (operation.kind === 'drop' || operation.kind === 'resample') {
      checkCount(operation.probability, store.shape[0], `${where}/probability`);
    }
    if (operation.kind === 'random-resized-crop') {
      checkRange(operation.scale, `${where}/scale`);
      checkRange(operation.ratio, `${where}/ratio`);
      if (operation.scale[1] > 1) {
        throw inputFault(
          `goes up to ${operation.scale[1]} of the image`,
          `${where}/scale`,
          'Use at most 1, the whole image',
        );
      }
    }
    if (operation.kind === 'gaussian-blur') checkRange(operation.sigma, `${where}/sigma`);
  });
};

import type { AugmentationSpec } from '../experiment/index.ts';
import { colourJitter } from './augmentations/colourJitter.ts';
import { gaussianBlur } from './augmentations/gaussianBlur.ts';
import { gaussianNoise } from './augmentations/gaussianNoise.ts';
import { greyscale } from './augmentations/greyscale.ts';
import { horizontalFlip } from './augmentations/horizontalFlip.ts';
import { randomResizedCrop } from './augmentations/randomResizedCrop.ts';
import { augmentCoordinates, fromCoordinates } from './coordinates.ts';
import { extentOf, type Image, withValues } from './image.ts';
import type { RandomStream } from './random.ts';
import {
  type CompositionStore,
  type CoordinateStore,
  compositionOf,
  coordinatesOf,
  readSample,
  type SampleStore,
} from './sampleStore.ts';

/** The augmentations of one view (0 or 1), in order. */
export const operationsOfView = (
  augmentation: readonly AugmentationSpec[],
  view: number,
): readonly AugmentationSpec[] =>
  augmentation.filter((operation) => view === 0 || operation.views === 'both');

/** Synthetic samples are augmented in the v basis; isotropic noise is the same in any orthonormal basis. */
const coordinateView = (
  store: CoordinateStore,
  operations: readonly AugmentationSpec[],
  sample: number,
  random: RandomStream,
): Float32Array => {
  const coordinates = coordinatesOf(store, sample);
  for (const operation of operations) {
    if (operation.kind === 'additive' || operation.kind === 'drop' || operation.kind === 'resample') {
      augmentCoordinates(coordinates, operation, store.strengths, store.distribution, random);
    } else if (operation.kind === 'gaussian-noise' && random.chance(operation.probability)) {
      for (let j = 0; j < coordinates.length; j++) coordinates[j] += operation.sigma * random.gaussian();
    }
  }
  return fromCoordinates(coordinates, store.directions);
};

/**
 * The digit is removed before anything else happens to the image, wherever `drop-digit` is in the list: the
 * clothing then comes from the stored original, exactly and for every strength up to 1.
 */
const compositionBase = (
  store: CompositionStore,
  operations: readonly AugmentationSpec[],
  sample: number,
  random: RandomStream,
): Float32Array => {
  const drawn = operations.map(
    (operation) => operation.kind === 'drop-digit' && random.chance(operation.probability),
  );
  return compositionOf(store, sample, drawn.includes(true) ? 0 : store.strength);
};

const augmentImage = (image: Image, operation: AugmentationSpec, random: RandomStream): Image => {
  switch (operation.kind) {
    case 'random-resized-crop':
      return randomResizedCrop(image, random, operation);
    case 'horizontal-flip':
      return random.chance(operation.probability) ? horizontalFlip(image) : image;
    case 'colour-jitter':
      return random.chance(operation.probability) ? colourJitter(image, random, operation) : image;
    case 'greyscale':
      return random.chance(operation.probability) ? greyscale(image) : image;
    case 'gaussian-blur':
      if (!random.chance(operation.probability)) return image;
      return gaussianBlur(image, random.between(operation.sigma[0], operation.sigma[1]));
    case 'gaussian-noise':
      if (!random.chance(operation.probability)) return image;
      return withValues(image, gaussianNoise(image.values, random, operation.sigma, 'unit'));
    default:
      return image;
  }
};

const augmentVector = (
  vector: Float32Array,
  operation: AugmentationSpec,
  random: RandomStream,
): Float32Array =>
  operation.kind === 'gaussian-noise' && random.chance(operation.probability)
    ? gaussianNoise(vector, random, operation.sigma, 'unbounded')
    : vector;

/**
 * One augmented copy of a sample. Depends only on its arguments; which augmentations a store allows is checked
 * beforehand, with the experiment and by `checkImages`.
 */
export const drawView = (
  store: SampleStore,
  operations: readonly AugmentationSpec[],
  sample: number,
  random: RandomStream,
): Float32Array => {
  if (store.kind === 'coordinates') return coordinateView(store, operations, sample, random);
  const base =
    store.kind === 'composition'
      ? compositionBase(store, operations, sample, random)
      : readSample(store, sample);
  const extent = extentOf(store.shape);
  if (extent === null) {
    return operations.reduce((vector, operation) => augmentVector(vector, operation, random), base);
  }
  const image = withValues(extent, base);
  return operations.reduce((before, operation) => augmentImage(before, operation, random), image).values;
};

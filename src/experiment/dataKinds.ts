import type { Experiment } from './schema.ts';

type Kind = Experiment['data']['kind'];

/** Factors of the kinds of data with fixed factors; the others define their own. */
export const FACTORS: Partial<Record<Kind, readonly string[]>> = {
  'digits-on-clothes': ['digit', 'clothes', 'superclass'],
  idx: ['label'],
  'cifar-10': ['label'],
  'cifar-100': ['label', 'coarse'],
};

/** The kinds of data that an augmentation works on. `npz` contains vectors or images, which only its shape shows. */
const IMAGES: readonly Kind[] = ['digits-on-clothes', 'idx', 'cifar-10', 'cifar-100', 'image-folder', 'npz'];
export const AUGMENTATION_DATA: Record<Experiment['augmentation'][number]['kind'], readonly Kind[]> = {
  additive: ['synthetic'],
  drop: ['synthetic'],
  resample: ['synthetic'],
  'drop-digit': ['digits-on-clothes'],
  'random-resized-crop': IMAGES,
  'horizontal-flip': IMAGES,
  'colour-jitter': IMAGES,
  greyscale: IMAGES,
  'gaussian-blur': IMAGES,
  'gaussian-noise': [...IMAGES, 'synthetic'],
};

/** The key by which a shift changes each kind of data. */
export const SHIFT_KEY = { 'digits-on-clothes': 'strength', 'image-folder': 'split', npz: 'data' } as const;
export const SHIFT_KEYS = Object.values(SHIFT_KEY);

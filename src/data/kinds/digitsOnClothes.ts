import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataSpec, ShiftSpec } from '../../experiment/index.ts';
import { inputFault, runFault } from '../../protocol/index.ts';
import { shrinkDigit } from '../composition.ts';
import type { Factor } from '../dataSet.ts';
import { categorical } from '../factors.ts';
import { openStream, permutation } from '../random.ts';
import { type CompositionStore, sharedBytes } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import { type LabelledImages, readIdxPair } from './idx.ts';
import type { Splits } from './splits.ts';

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** Fashion-MNIST's classes by label. */
const CLOTHES = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
];

/** Everything worn on the upper body or from the shoulders, including dresses and coats, counts as a top. */
const SUPERCLASSES = ['tops', 'trousers', 'footwear', 'bags'];
const SUPERCLASS_OF = [0, 1, 0, 0, 0, 2, 0, 2, 3, 2];

/** `media` is beside the bundle's folder `dist`, and three folders above this source file. */
const findImages = (): string => {
  const folders = ['../media', '../../../media'].map((media) =>
    fileURLToPath(new URL(`${media}/data/digits-on-clothes`, import.meta.url)),
  );
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw runFault('the bundled images are missing', folders[0], 'Install Pentimento again');
};

const readBundled = (name: string, split: string): Promise<LabelledImages> => {
  const at = (part: string) => join(findImages(), `${name}-${split}-${part}.idx.gz`);
  return readIdxPair(at('images'), at('labels'));
};

/** The chosen images, in the chosen order, each transformed by `change`. */
const gather = (
  { images }: LabelledImages,
  chosen: Int32Array,
  area: number,
  change: (image: Uint8Array) => Uint8Array,
): Uint8Array => {
  const source = images.shape[1] * images.shape[2];
  const result = sharedBytes(chosen.length * area);
  chosen.forEach((sample, row) => {
    result.set(change(images.values.subarray(sample * source, (sample + 1) * source)), row * area);
  });
  return result;
};

/** The first `size` samples of a seeded order of the digits, paired with an independent seeded order of the clothes. */
const loadSplit = async (
  split: 'train' | 'test',
  size: number,
  strength: number,
  seed: number,
): Promise<StoredDataSet> => {
  const digits = await readBundled('digits', split);
  const clothes = await readBundled('clothes', split);
  const draw = (what: string, { labels }: LabelledImages) =>
    permutation(labels.length, openStream(seed, `${what} ${split}`)).subarray(0, size);
  const digitOrder = draw('digits', digits);
  const clothesOrder = draw('clothes', clothes);
  const store: CompositionStore = {
    kind: 'composition',
    size,
    shape: [32, 32, 1],
    strength,
    digits: gather(digits, digitOrder, 16 * 16, shrinkDigit),
    clothes: gather(clothes, clothesOrder, 28 * 28, (image) => image),
  };
  const labels = clothesOrder.map((sample) => clothes.labels[sample]);
  const factors: Factor[] = [
    categorical(
      'digit',
      digitOrder.map((sample) => digits.labels[sample]),
      DIGITS,
    ),
    categorical('clothes', labels, CLOTHES),
    categorical(
      'superclass',
      labels.map((label) => SUPERCLASS_OF[label]),
      SUPERCLASSES,
    ),
  ];
  return storedDataSet(split, store, factors);
};

/** The same test images with another strength of the digits; the originals are shared. */
const withStrength = (test: StoredDataSet, shift: ShiftSpec, where: string): StoredDataSet => {
  if (shift.strength === undefined) {
    throw inputFault('gives no other digit strength', where, 'Add "strength", from 0 to 1');
  }
  const store = { ...(test.store as CompositionStore), strength: shift.strength };
  return storedDataSet(shift.name, store, test.factors);
};

/**
 * MNIST digits over Fashion-MNIST clothes, [32, 32, 1], with the factors digit, clothes and superclass. Digits and
 * clothes are paired independently, by the seed.
 */
export const loadDigitsOnClothes = async (
  spec: Extract<DataSpec, { kind: 'digits-on-clothes' }>,
  seed: number,
): Promise<Splits> => {
  const test = await loadSplit('test', spec.test, spec.strength, seed);
  return {
    train: await loadSplit('train', spec.train, spec.strength, seed),
    test,
    shift: async (shift, where) => withStrength(test, shift, where),
  };
};

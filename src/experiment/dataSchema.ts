import * as z from 'zod';
import { count, path, positive, probability } from './values.ts';

const file = (what: string, example: string) =>
  path.meta({ description: `${what}: a path, relative to the experiment file.`, examples: [example] });

const validation = z
  .number()
  .min(0)
  .max(0.5)
  .optional()
  .describe(
    'Share of the training samples that the encoder is not trained on, as evidence for the choice of a layer. Default: 0.1 for a loss with labels, otherwise 0.',
  );

const synthetic = z
  .strictObject({
    kind: z.literal('synthetic'),
    strengths: z
      .array(positive)
      .min(1)
      .meta({
        description: 'phi_j: the strength of feature j in x = sum_j phi_j h_j v_j.',
        examples: [[2, 1, 0.5]],
      }),
    factors: z
      .enum(['rademacher', 'gaussian'])
      .default('rademacher')
      .describe('The distribution of the factors h_j.'),
    directions: z
      .enum(['identity', 'random'])
      .default('identity')
      .describe('v_j: the axes, or a seeded random orthonormal basis.'),
    sampling: z
      .enum(['sampled', 'population'])
      .default('sampled')
      .describe('population: exact moments instead of samples.'),
    train: count.default(10_000).describe('Training samples (not used by population).'),
    test: count.default(2_000).describe('Test samples (not used by population).'),
    validation,
  })
  .describe('x = sum_j phi_j h_j v_j with independent, zero-mean, unit-variance factors h_j.');

const digitsOnClothes = z
  .strictObject({
    kind: z.literal('digits-on-clothes'),
    strength: probability
      .default(0.7)
      .describe('s: inside the digit the image is (1 - s) * clothes + s * digit.'),
    train: count.max(10_000).default(10_000).describe('Training samples.'),
    test: count.max(2_000).default(2_000).describe('Test samples.'),
    validation,
  })
  .describe(
    'Bundled: MNIST digits blended over Fashion-MNIST images, 32 x 32 x 1; factors digit, clothes, superclass.',
  );

const idx = z
  .strictObject({
    kind: z.literal('idx'),
    trainImages: file('The training images', 'train-images-idx3-ubyte.gz'),
    trainLabels: file('Their labels', 'train-labels-idx1-ubyte.gz'),
    testImages: file('The test images', 't10k-images-idx3-ubyte.gz'),
    testLabels: file('Their labels', 't10k-labels-idx1-ubyte.gz'),
    classes: z.array(z.string()).optional().describe('Class names by label.'),
    validation,
  })
  .describe('MNIST-style IDX files, plain or gzipped; factor label.');

const cifar = z
  .strictObject({
    kind: z.enum(['cifar-10', 'cifar-100']),
    train: z
      .array(path)
      .min(1)
      .meta({ description: 'Binary files of training batches.', examples: [['data_batch_1.bin']] }),
    test: z
      .array(path)
      .min(1)
      .meta({ description: 'Binary files of test batches.', examples: [['test_batch.bin']] }),
    validation,
  })
  .describe('CIFAR binary version; factor label, for CIFAR-100 also coarse.');

const npz = z
  .strictObject({
    kind: z.literal('npz'),
    train: file('The archive of training samples', 'train.npz'),
    test: file('The archive of test samples', 'test.npz'),
    validation,
  })
  .describe('Arrays x (samples first), y, and any further array as a factor.');

const imageFolder = z
  .strictObject({
    kind: z.literal('image-folder'),
    path: file('The folder', 'images'),
    metadata: path
      .optional()
      .describe(
        'CSV with columns path, split, label and any attribute columns. Default: metadata.csv in the folder.',
      ),
    size: count.default(64).describe('Side of the square that images are resized and centre-cropped to.'),
    channels: z
      .union([z.literal(1), z.literal(3)])
      .default(3)
      .describe('1 for grey images, 3 for colour.'),
    trainSplit: z.string().default('train').describe('The split to train on.'),
    testSplit: z.string().default('test').describe('The split to test on.'),
    validation,
  })
  .describe('split/class/*.png, or any layout with a metadata.csv (WILDS and SpuCo style).');

export const dataSchema = z.discriminatedUnion('kind', [
  synthetic,
  digitsOnClothes,
  idx,
  cifar,
  npz,
  imageFolder,
]);

/** Files of samples; without a part held out, since nothing is trained on them. */
export const taskDataSchema = z.discriminatedUnion('kind', [
  idx.omit({ validation: true }).describe(idx.description ?? ''),
  cifar.omit({ validation: true }).describe(cifar.description ?? ''),
  npz.omit({ validation: true }).describe(npz.description ?? ''),
  imageFolder.omit({ validation: true }).describe(imageFolder.description ?? ''),
]);

export type DataSpec = z.output<typeof dataSchema>;
export type TaskDataSpec = z.output<typeof taskDataSchema>;

import { z } from 'zod';

/**
 * The experiment file (`*.experiment.json`). This schema is the one source of the types, the validation and
 * `media/schema/experiment.schema.json`. Unknown keys are refused everywhere: a misspelt option must not be ignored.
 */

const positive = z.number().positive();
const count = z.int().positive();
const probability = z.number().min(0).max(1);
const perFeature = z
  .union([z.number().nonnegative(), z.array(z.number().nonnegative()).min(1)])
  .describe('One value for every feature, or one per feature.');
const perFeatureProbability = z
  .union([probability, z.array(probability).min(1)])
  .describe('One probability for every feature, or one per feature.');
const path = z.string().min(1).describe('A path, relative to the experiment file.');

const synthetic = z
  .strictObject({
    kind: z.literal('synthetic'),
    strengths: z
      .array(positive)
      .min(1)
      .describe('phi_j: the strength of feature j in x = sum_j phi_j h_j v_j.'),
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
  })
  .describe('x = sum_j phi_j h_j v_j with independent, zero-mean, unit-variance factors h_j.');

const digitsOnClothes = z
  .strictObject({
    kind: z.literal('digits-on-clothes'),
    strength: probability
      .default(0.7)
      .describe('s: inside the digit the image is (1 - s) * clothes + s * digit.'),
    train: count.max(10_000).default(10_000),
    test: count.max(2_000).default(2_000),
  })
  .describe(
    'Bundled: MNIST digits blended over Fashion-MNIST images, 32 x 32 x 1; factors digit, clothes, superclass.',
  );

const idx = z
  .strictObject({
    kind: z.literal('idx'),
    trainImages: path,
    trainLabels: path,
    testImages: path,
    testLabels: path,
    classes: z.array(z.string()).optional().describe('Class names by label.'),
  })
  .describe('MNIST-style IDX files, plain or gzipped; factor label.');

const cifar = z
  .strictObject({
    kind: z.enum(['cifar-10', 'cifar-100']),
    train: z.array(path).min(1).describe('Binary batch files.'),
    test: z.array(path).min(1),
  })
  .describe('CIFAR binary version; factor label, for CIFAR-100 also coarse.');

const npz = z
  .strictObject({
    kind: z.literal('npz'),
    train: path,
    test: path,
  })
  .describe('Arrays x (samples first), y, and any further array as a factor.');

const imageFolder = z
  .strictObject({
    kind: z.literal('image-folder'),
    path,
    metadata: path
      .optional()
      .describe(
        'CSV with columns path, split, label and any attribute columns. Default: metadata.csv in the folder.',
      ),
    size: count.default(64).describe('Side of the square that images are resized and centre-cropped to.'),
    channels: z.union([z.literal(1), z.literal(3)]).default(3),
    trainSplit: z.string().default('train'),
    testSplit: z.string().default('test'),
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

const views = z.enum(['first', 'both']).default('both').describe('Which of the two views it is applied to.');
const pair = (low: number, high: number) => z.tuple([positive, positive]).default([low, high]);

export const augmentationSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('additive'),
      sigma: perFeature,
      noise: z.enum(['rademacher', 'gaussian']).default('gaussian'),
      views,
    })
    .describe('Synthetic: phi_j h_j + sigma_j xi_j.'),
  z
    .strictObject({ kind: z.literal('drop'), probability: perFeatureProbability, views })
    .describe('Synthetic: feature j is zeroed with probability p_j.'),
  z
    .strictObject({ kind: z.literal('resample'), probability: perFeatureProbability, views })
    .describe('Synthetic: h_j is redrawn with probability p_j.'),
  z
    .strictObject({
      kind: z.literal('drop-digit'),
      probability: probability.default(0.75).describe('The probability that the digit is removed.'),
      views: z.enum(['first', 'both']).default('first'),
    })
    .describe('digits-on-clothes: shows the clothes without the digit.'),
  z.strictObject({
    kind: z.literal('random-resized-crop'),
    scale: pair(0.2, 1),
    ratio: pair(3 / 4, 4 / 3),
    views,
  }),
  z.strictObject({ kind: z.literal('horizontal-flip'), probability: probability.default(0.5), views }),
  z.strictObject({
    kind: z.literal('colour-jitter'),
    probability: probability.default(0.8),
    brightness: z.number().nonnegative().default(0.4),
    contrast: z.number().nonnegative().default(0.4),
    saturation: z.number().nonnegative().default(0.4),
    hue: z.number().min(0).max(0.5).default(0.1),
    views,
  }),
  z.strictObject({ kind: z.literal('greyscale'), probability: probability.default(0.2), views }),
  z.strictObject({
    kind: z.literal('gaussian-blur'),
    probability: probability.default(0.5),
    sigma: pair(0.1, 2),
    views,
  }),
  z.strictObject({
    kind: z.literal('gaussian-noise'),
    sigma: positive,
    probability: probability.default(1),
    views,
  }),
]);

const initialScale = positive
  .optional()
  .describe('Scale of the (balanced, orthogonal) initial weights. Default: chosen for the layer kind.');

export const encoderSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('linear'),
      widths: z.array(count).min(1).describe('Output width of each layer.'),
      initialScale,
    })
    .describe('x -> W_n ... W_1 x, no bias.'),
  z
    .strictObject({
      kind: z.literal('diagonal'),
      depth: count.default(1),
      threshold: z.number().nonnegative().default(0),
      trainThreshold: z.boolean().default(false),
      initialScale,
    })
    .describe('x_j -> w_j x_j, with the symmetrised ReLU S_b between layers.'),
  z.strictObject({
    kind: z.literal('mlp'),
    widths: z.array(count).min(1),
    batchNorm: z.boolean().default(false),
  }),
  z
    .strictObject({
      kind: z.literal('cnn'),
      widths: z.array(count).min(1).default([32, 64, 128]),
      batchNorm: z.boolean().default(true),
    })
    .describe('3x3 convolutions, stride 2 from the second on, then a global average.'),
  z.strictObject({
    kind: z.literal('resnet18-cifar'),
    width: count.default(64).describe('Channels of the first stage.'),
  }),
]);

export const headSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('linear'), width: count, initialScale }),
  z.strictObject({
    kind: z.literal('mlp'),
    widths: z.array(count).min(1).describe('Hidden widths, then the output width.'),
    batchNorm: z.boolean().default(false),
  }),
  z
    .strictObject({
      kind: z.literal('symmetric-relu'),
      weights: z.enum(['full', 'diagonal']).default('full'),
      threshold: z.number().nonnegative().default(0),
      trainThreshold: z.boolean().default(true),
      initialScale: positive.default(1),
    })
    .describe('full: Linear(I), S_b, Linear(I), the identity at start. diagonal: w * S_b(h).'),
  z.strictObject({
    kind: z.literal('reweighting'),
    kappa: z.number().min(1).describe('z_i = h_i * kappa^-i, i = 0 ... D-1; no parameters.'),
  }),
]);

const temperature = positive.default(0.5);
const label = z.string().min(1).describe('The factor that is the training label.');
export const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('spectral') }).describe('-2 E f(x).f(x+) + E (f(x).f(x-))^2.'),
  z.strictObject({ kind: z.literal('supervised-spectral'), label }),
  z.strictObject({ kind: z.literal('nt-xent'), temperature }),
  z
    .strictObject({
      kind: z.literal('supervised-contrastive'),
      temperature,
      label,
      views: z.union([z.literal(1), z.literal(2)]).default(2),
    })
    .describe('Khosla et al., L_out.'),
  z.strictObject({ kind: z.literal('cross-entropy'), label }),
  z.strictObject({ kind: z.literal('mean-squared-error'), label }),
]);

const learningRate = positive;
const weightDecay = z.number().nonnegative().default(0);
const beta = z.number().min(0).lt(1);
export const optimiserSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), learningRate, momentum: beta.default(0), weightDecay }),
  z.strictObject({
    kind: z.literal('adam'),
    learningRate,
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
    weightDecay: weightDecay.describe('Added to the gradient (L2).'),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    learningRate,
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
    weightDecay: z.number().nonnegative().default(0.01).describe('Decoupled.'),
  }),
]);

const warmupEpochs = z.number().nonnegative().default(0);
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmupEpochs }),
  z.strictObject({
    kind: z.literal('step'),
    milestones: z.array(count).min(1).describe('Epochs after which the rate is multiplied by gamma.'),
    gamma: positive.default(0.1),
    warmupEpochs,
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    finalFraction: z.number().min(0).max(1).default(0),
    warmupEpochs,
  }),
]);

const groups = z.array(z.string().min(1)).min(1).describe('Factors whose combinations are the groups.');

export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits, dot, dash and underscore'),
    description: z.string().optional(),
    seed: z.int().min(0).max(0xffffffff).default(0),
    data: dataSchema,
    augmentation: z.array(augmentationSchema).default([]),
    encoder: encoderSchema,
    head: headSchema.default({ kind: 'none' }),
    loss: lossSchema,
    optimiser: optimiserSchema,
    schedule: scheduleSchema.default({ kind: 'constant', warmupEpochs: 0 }),
    epochs: count,
    batchSize: count.default(256).describe('Samples per step (not used by population).'),
    stepsPerEpoch: count.optional().describe('population only: steps that make one epoch. Default 100.'),
    layers: z
      .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
      .default('all')
      .describe('Layers to inspect.'),
    downstream: z
      .array(
        z.strictObject({ name: z.string().min(1), factor: z.string().min(1), groups: groups.optional() }),
      )
      .default([])
      .describe(
        'Downstream tasks: a factor to predict from each layer, optionally with groups for the worst-group accuracy.',
      ),
    shifts: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          strength: probability.optional().describe('digits-on-clothes: another digit strength.'),
          split: z.string().optional().describe('image-folder: another split of metadata.csv.'),
          data: path.optional().describe('npz: another file.'),
        }),
      )
      .default([])
      .describe('Shifted test sets on which every probe is scored too.'),
    groups: groups.optional().describe('Default groups of every downstream task.'),
    checkpointEverySteps: count
      .optional()
      .describe('Also write the newest state every so many steps. Default: once an epoch.'),
  })
  .describe('A Pentimento experiment.');

export type Experiment = z.output<typeof experimentSchema>;
export type DataSpec = z.output<typeof dataSchema>;
export type AugmentationSpec = z.output<typeof augmentationSchema>;
export type EncoderSpec = z.output<typeof encoderSchema>;
export type HeadSpec = z.output<typeof headSchema>;
export type LossSpec = z.output<typeof lossSchema>;
export type OptimiserSpec = z.output<typeof optimiserSchema>;
export type ScheduleSpec = z.output<typeof scheduleSchema>;
export type TaskSpec = Experiment['downstream'][number];
export type ShiftSpec = Experiment['shifts'][number];

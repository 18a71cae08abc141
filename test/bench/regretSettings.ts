import type { NpyArray } from '../../src/checkpoint/index.ts';
import { openStream } from '../../src/data/index.ts';
import { encodeNpz } from '../unit/checkpoint/npyFiles.ts';

interface Task {
  readonly name: string;
  readonly factor: string;
  readonly groups?: readonly string[];
}

/** A small training, and the files that its data is in. */
export interface Setting {
  readonly name: string;
  readonly experiment: Record<string, unknown> & { readonly downstream: readonly Task[] };
  files(): Promise<[string, Uint8Array][]>;
}

const optimiser = { kind: 'adam', learningRate: 0.002 };
const noFiles = async (): Promise<[string, Uint8Array][]> => [];

const crop = (least: number) => ({ kind: 'random-resized-crop', scale: [least, 1] });
const dropDigit = (probability: number) => ({ kind: 'drop-digit', probability, views: 'first' });
const jitter = { kind: 'colour-jitter' };

const IMAGE_TASKS: readonly Task[] = [
  { name: 'digit', factor: 'digit' },
  { name: 'clothes', factor: 'clothes', groups: ['superclass'] },
  { name: 'superclass', factor: 'superclass', groups: ['digit'] },
];

/** Digits over clothes: what the augmentation disrupts, and labels that are coarser or finer than the task. */
const onImages = (name: string, parts: Record<string, unknown>, seed = 0): Setting => ({
  name,
  experiment: {
    name,
    seed,
    data: { kind: 'digits-on-clothes', train: 2000, test: 2000 },
    augmentation: [crop(0.5), jitter],
    encoder: { kind: 'cnn', widths: [16, 32, 64] },
    head: { kind: 'mlp', widths: [64, 32] },
    loss: { kind: 'nt-xent' },
    optimiser,
    epochs: 6,
    batchSize: 128,
    downstream: IMAGE_TASKS,
    ...parts,
  },
  files: noFiles,
});

const IMAGES: readonly Setting[] = [
  onImages('nt-xent', {}),
  onImages('nt-xent-seed1', {}, 1),
  onImages('nt-xent-drop-half', { augmentation: [dropDigit(0.5), crop(0.5), jitter] }),
  onImages('nt-xent-drop', { augmentation: [dropDigit(1), crop(0.5), jitter] }),
  onImages('nt-xent-drop-seed1', { augmentation: [dropDigit(1), crop(0.5), jitter] }, 1),
  onImages('nt-xent-strong-crop', { augmentation: [crop(0.15), jitter] }),
  onImages('nt-xent-weak', { augmentation: [crop(0.95)] }),
  onImages('nt-xent-no-head', { head: { kind: 'none' } }),
  onImages('nt-xent-reweighting', { head: { kind: 'reweighting', kappa: 1.1 } }),
  onImages('supervised-clothes', { loss: { kind: 'cross-entropy', label: 'clothes' } }),
  onImages('supervised-digit', { loss: { kind: 'cross-entropy', label: 'digit' } }),
  onImages('supervised-coarse', { loss: { kind: 'cross-entropy', label: 'superclass' } }),
  onImages('supervised-coarse-no-head', {
    head: { kind: 'none' },
    loss: { kind: 'cross-entropy', label: 'superclass' },
  }),
  onImages('contrastive-coarse', { loss: { kind: 'supervised-contrastive', label: 'superclass' } }),
  onImages('contrastive-digit', { loss: { kind: 'supervised-contrastive', label: 'digit' } }),
  onImages('contrastive-clothes', { loss: { kind: 'supervised-contrastive', label: 'clothes' } }, 1),
];

const DIMENSIONS = 24;

/**
 * Vectors with a label (a product of two signs, so that a linear probe of the input cannot read it) and a background that
 * shows strongly and agrees with the label in a share of the samples.
 */
const spuriousSamples = async (split: string, size: number, agreement: number, seed: number) => {
  const random = openStream(seed, `regret ${split}`);
  const x = new Float32Array(size * DIMENSIONS);
  const [label, background] = [new Int32Array(size), new Int32Array(size)];
  for (let i = 0; i < size; i++) {
    const [first, second] = [random.sign(), random.sign()];
    label[i] = first * second > 0 ? 1 : 0;
    background[i] = random.chance(agreement) ? label[i] : 1 - label[i];
    for (let j = 0; j < DIMENSIONS; j++) x[i * DIMENSIONS + j] = random.gaussian();
    x[i * DIMENSIONS] += 1.5 * first;
    x[i * DIMENSIONS + 1] += 1.5 * second;
    x[i * DIMENSIONS + 2] += background[i] === 1 ? 3 : -3;
  }
  return encodeNpz(
    new Map<string, NpyArray>([
      ['x', { dtype: 'float32', shape: [size, DIMENSIONS], data: x }],
      ['y', { dtype: 'int32', shape: [size], data: label }],
      ['background', { dtype: 'int32', shape: [size], data: background }],
    ]),
  );
};

/** Labels that correlate with something spurious in training, and not in the test split. */
const onSpurious = (name: string, agreement: number, parts: Record<string, unknown>, seed = 0): Setting => ({
  name,
  experiment: {
    name,
    seed,
    data: { kind: 'npz', train: `${name}-train.npz`, test: `${name}-test.npz` },
    encoder: { kind: 'mlp', widths: [64, 64] },
    head: { kind: 'mlp', widths: [64, 16] },
    loss: { kind: 'cross-entropy', label: 'label' },
    optimiser,
    epochs: 15,
    batchSize: 128,
    downstream: [
      { name: 'label', factor: 'label', groups: ['label', 'background'] },
      { name: 'background', factor: 'background', groups: ['label'] },
    ],
    ...parts,
  },
  files: async () => [
    [`${name}-train.npz`, await spuriousSamples('train', 3000, agreement, seed)],
    [`${name}-test.npz`, await spuriousSamples('test', 4000, 0.5, seed)],
  ],
});

const SPURIOUS: readonly Setting[] = [
  onSpurious('spurious-70', 0.7, {}),
  onSpurious('spurious-90', 0.9, {}),
  onSpurious('spurious-95', 0.95, {}, 1),
  onSpurious('spurious-90-contrastive', 0.9, {
    loss: { kind: 'supervised-contrastive', label: 'label', views: 1 },
  }),
  onSpurious('spurious-90-background', 0.9, { loss: { kind: 'cross-entropy', label: 'background' } }),
  onSpurious('no-correlation', 0.5, {}, 2),
];

export const settings = (): readonly Setting[] => [...IMAGES, ...SPURIOUS];

import { describe, expect, it } from 'vitest';
import { checkExperiment } from '../../../src/experiment/index.ts';

type File = Record<string, unknown>;
const synthetic: File = {
  name: 'vectors',
  data: { kind: 'synthetic', strengths: [1, 2] },
  augmentation: [{ kind: 'additive', sigma: 1 }],
  encoder: { kind: 'linear', widths: [2] },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.1 },
  epochs: 3,
};
const population: File = {
  ...synthetic,
  data: { kind: 'synthetic', strengths: [1, 2], sampling: 'population' },
};
const images: File = {
  ...synthetic,
  data: { kind: 'digits-on-clothes' },
  augmentation: [{ kind: 'drop-digit' }],
  encoder: { kind: 'cnn' },
  loss: { kind: 'nt-xent' },
  downstream: [{ name: 'digit', factor: 'digit' }],
};
const npz: File = { ...synthetic, data: { kind: 'npz', train: 'a.npz', test: 'b.npz' }, augmentation: [] };
const crossEntropy = (label: string) => ({ kind: 'cross-entropy', label });

const problemsOf = (file: File) =>
  checkExperiment(JSON.stringify(file)).problems.map(({ pointer, what }) => `${pointer}: ${what}`);

describe('what goes together', () => {
  it.each<[string, File]>([
    ['sampled synthetic data with an mlp', { ...synthetic, encoder: { kind: 'mlp', widths: [4] } }],
    ['noiseless synthetic data', { ...synthetic, augmentation: [] }],
    [
      'population with a linear head',
      { ...population, head: { kind: 'linear', width: 2 }, stepsPerEpoch: 10 },
    ],
    [
      'population with Gaussian factors and a linear encoder',
      { ...population, data: { ...(population.data as File), factors: 'gaussian', directions: 'random' } },
    ],
    [
      'population with a diagonal encoder and finitely many values',
      {
        ...population,
        augmentation: [{ kind: 'additive', sigma: 1, noise: 'rademacher' }],
        encoder: { kind: 'diagonal' },
        head: { kind: 'symmetric-relu', weights: 'diagonal' },
      },
    ],
    ['images', images],
    ['images with a linear encoder', { ...images, encoder: { kind: 'linear', widths: [8] } }],
    ['labelled images without augmentation', { ...images, augmentation: [], loss: crossEntropy('clothes') }],
    [
      'supervised contrastive with one view',
      { ...images, augmentation: [], loss: { kind: 'supervised-contrastive', label: 'digit', views: 1 } },
    ],
    [
      'npz with a diagonal encoder',
      { ...npz, encoder: { kind: 'diagonal' }, loss: crossEntropy('anything') },
    ],
    [
      'groups to balance, of the task or of all tasks, and classes without groups',
      {
        ...images,
        groups: ['digit'],
        downstream: [
          { name: 'a', factor: 'digit', balance: 'groups' },
          { name: 'b', factor: 'digit', groups: ['clothes'], balance: 'groups', together: 'clothes' },
          { name: 'c', factor: 'digit', balance: 'classes' },
        ],
      },
    ],
    ['a shift of its data', { ...images, shifts: [{ name: 'faint', strength: 0.2 }] }],
  ])('allows %s', (_, file) => {
    expect(problemsOf(file)).toEqual([]);
  });

  it.each<[File, string]>([
    [
      { ...population, loss: crossEntropy('h') },
      '/loss/kind: population data has no samples for the cross-entropy loss',
    ],
    [
      { ...population, encoder: { kind: 'mlp', widths: [2] } },
      '/encoder/kind: the moments of population data do not determine the encoder kind mlp',
    ],
    [
      { ...population, head: { kind: 'mlp', widths: [2] } },
      '/head/kind: population data does not combine the encoder kind linear with the head kind mlp',
    ],
    [
      { ...population, augmentation: [], encoder: { kind: 'diagonal' }, head: { kind: 'linear', width: 2 } },
      '/head/kind: population data does not combine the encoder kind diagonal with the head kind linear',
    ],
    [
      { ...population, downstream: [{ name: 'a', factor: 'h' }] },
      '/downstream: population data has no samples to probe',
    ],
    [
      { ...population, augmentation: [{ kind: 'gaussian-noise', sigma: 1 }] },
      '/augmentation/0/kind: gaussian-noise needs samples, and population data has none',
    ],
    [
      { ...population, encoder: { kind: 'diagonal' } },
      '/augmentation/0/noise: a diagonal encoder on population data needs noise of finitely many values',
    ],
    [
      {
        ...population,
        augmentation: [],
        encoder: { kind: 'diagonal' },
        data: { ...(population.data as File), factors: 'gaussian' },
      },
      '/data/factors: a diagonal encoder on population data needs factors of finitely many values',
    ],
    [
      { ...images, downstream: [{ name: 'a', factor: 'digit', balance: 'groups' }] },
      '/downstream/0/balance: there are no groups to balance',
    ],
    [
      { ...images, downstream: [{ name: 'a', factor: 'digit', together: 'patient' }] },
      '/downstream/0/together: digits-on-clothes has no factor "patient"',
    ],
    [{ ...synthetic, stepsPerEpoch: 10 }, '/stepsPerEpoch: stepsPerEpoch is for population data only'],
    [
      {
        ...synthetic,
        data: { ...(synthetic.data as File), directions: 'random' },
        encoder: { kind: 'diagonal' },
      },
      '/data/directions: a diagonal encoder sees each feature on its own axis, and random directions mix them',
    ],
    [
      { ...images, encoder: { kind: 'diagonal' } },
      '/encoder/kind: a diagonal encoder works on vectors, and digits-on-clothes holds images',
    ],
    [
      { ...synthetic, encoder: { kind: 'resnet18-cifar' } },
      '/encoder/kind: a resnet18-cifar encoder works on images, and synthetic data holds vectors',
    ],
    [
      { ...synthetic, head: { kind: 'symmetric-relu', weights: 'diagonal' } },
      '/head/weights: diagonal head weights need a diagonal encoder, not linear',
    ],
    [
      { ...images, augmentation: [] },
      '/augmentation: without augmentation the two views of the nt-xent loss are the same',
    ],
    [{ ...npz }, '/augmentation: without augmentation the two views of the spectral loss are the same'],
    [{ ...images, batchSize: 1 }, '/batchSize: batchSize is 1, and the nt-xent loss compares samples'],
    [
      { ...synthetic, augmentation: [{ kind: 'drop-digit' }] },
      '/augmentation/0/kind: drop-digit does not work on synthetic data',
    ],
    [
      { ...images, augmentation: [{ kind: 'drop', probability: 0.5 }] },
      '/augmentation/0/kind: drop does not work on digits-on-clothes data',
    ],
    [
      { ...synthetic, augmentation: [{ kind: 'additive', sigma: [1, 2, 3] }] },
      '/augmentation/0/sigma: sigma has 3 values for 2 features',
    ],
    [
      { ...images, augmentation: [{ kind: 'random-resized-crop', scale: [0.9, 0.5] }] },
      '/augmentation/0/scale: scale runs from 0.9 down to 0.5',
    ],
    [
      { ...images, augmentation: [{ kind: 'random-resized-crop', scale: [0.5, 2] }] },
      '/augmentation/0/scale/1: a crop is at most the whole image',
    ],
    [
      { ...images, augmentation: [{ kind: 'gaussian-blur', sigma: [2, 1] }] },
      '/augmentation/0/sigma: sigma runs from 2 down to 1',
    ],
    [
      { ...synthetic, batchSize: 20_000 },
      '/batchSize: a batch of 20000 is larger than the 10000 training samples',
    ],
    [{ ...images, loss: crossEntropy('label') }, '/loss/label: digits-on-clothes has no factor "label"'],
    [
      { ...images, downstream: [{ name: 'a', factor: 'digits' }] },
      '/downstream/0/factor: digits-on-clothes has no factor "digits"',
    ],
    [
      { ...images, downstream: [{ name: 'a', factor: 'digit', groups: ['colour'] }] },
      '/downstream/0/groups/0: digits-on-clothes has no factor "colour"',
    ],
    [{ ...images, groups: ['digit', 'digit'] }, '/groups/1: there is another factor "digit"'],
    [
      { ...images, downstream: [{ name: 'a', factor: 'digit', split: 'tset' }] },
      '/downstream/0/split: there is no split "tset" to take samples from',
    ],
    [
      {
        ...images,
        downstream: [
          {
            name: 'a',
            factor: 'label',
            split: 'test',
            data: { kind: 'npz', train: 'a.npz', test: 'b.npz' },
          },
        ],
      },
      '/downstream/0/split: a task has either data or a split of its own',
    ],
    [
      {
        ...images,
        downstream: [
          { name: 'a', factor: 'digit' },
          { name: 'a', factor: 'clothes' },
        ],
      },
      '/downstream/1/name: there is another task "a"',
    ],
    [
      { ...images, shifts: [{ name: 'test', strength: 0.1 }] },
      '/shifts/0/name: there is another split or shift "test"',
    ],
    [{ ...images, layers: ['h', 'h'] }, '/layers/1: there is another layer "h"'],
    [{ ...synthetic, shifts: [{ name: 'x', strength: 0.1 }] }, '/shifts: synthetic data has no shifts'],
    [
      { ...images, shifts: [{ name: 'x' }] },
      '/shifts/0: the shift "x" changes nothing of digits-on-clothes data',
    ],
    [
      { ...images, shifts: [{ name: 'x', strength: 0.1, split: 'val' }] },
      '/shifts/0/split: "split" does not apply to digits-on-clothes data',
    ],
    [
      { ...synthetic, schedule: { kind: 'cosine', warmupEpochs: 4 } },
      '/schedule/warmupEpochs: the warm-up of 4 epochs is longer than the training of 3',
    ],
    [
      { ...synthetic, schedule: { kind: 'step', milestones: [2, 1] } },
      '/schedule/milestones: the milestones do not rise',
    ],
  ])('refuses %j', (file, expected) => {
    expect(problemsOf(file)).toEqual([expected]);
  });
});

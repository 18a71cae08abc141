import { between } from './seededRandom.ts';

/** Linear layers on exact moments of additive noise. */
export interface LinearSetting {
  readonly strengths: readonly number[];
  readonly noise: readonly number[];
  readonly depth: number;
  readonly directions: 'identity' | 'random';
}

export function drawSetting(random: () => number, depth: number): LinearSetting {
  const features = 3 + Math.floor(4 * random());
  const draw = (low: number, high: number) =>
    Array.from({ length: features }, () => between(random, low, high));
  return {
    strengths: draw(0.5, 2.5),
    noise: draw(0.2, 1.2),
    depth,
    directions: random() < 0.5 ? 'identity' : 'random',
  };
}

export const layerName = (layer: number, depth: number): string =>
  layer === depth ? 'head.1' : `encoder.${layer}`;

/** The closed form: s^(l/L) after layer l of L, with s = phi / (phi^2 + sigma^2). */
export const weightsAfter = ({ strengths, noise, depth }: LinearSetting, layer: number): number[] =>
  strengths.map((phi, j) => (phi / (phi ** 2 + noise[j] ** 2)) ** (layer / depth));

export const linearPopulation = ({ strengths, noise, depth, directions }: LinearSetting) => {
  const features = strengths.length;
  return {
    name: 'linear-population',
    data: { kind: 'synthetic', strengths, directions, sampling: 'population' },
    augmentation: [{ kind: 'additive', sigma: noise }],
    encoder: { kind: 'linear', widths: Array(depth - 1).fill(features), initialScale: 0.7 },
    head: { kind: 'linear', width: features, initialScale: 0.7 },
    loss: { kind: 'spectral' },
    optimiser: { kind: 'sgd', learningRate: 0.02 },
    epochs: 40,
    stepsPerEpoch: 100,
  };
};

/** A network small enough to train in seconds, on pictures, with batches made on worker threads. */
export const smallCnn = {
  name: 'small',
  seed: 3,
  data: { kind: 'digits-on-clothes', train: 256, test: 100 },
  augmentation: [
    { kind: 'drop-digit' },
    { kind: 'random-resized-crop', scale: [0.4, 1] },
    { kind: 'colour-jitter' },
  ],
  encoder: { kind: 'cnn', widths: [4, 8] },
  head: { kind: 'mlp', widths: [8, 6] },
  loss: { kind: 'nt-xent' },
  optimiser: { kind: 'adam', learningRate: 0.001 },
  epochs: 5,
  batchSize: 32,
  checkpointEverySteps: 3,
  downstream: [
    { name: 'digit', factor: 'digit' },
    { name: 'clothes', factor: 'clothes', groups: ['superclass'] },
  ],
  shifts: [{ name: 'faint digits', strength: 0.3 }],
};

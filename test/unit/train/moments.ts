import { experimentSchema } from '../../../src/experiment/index.ts';

/** The smallest training: exact moments of two features. */
export const moments = (epochs: number, stepsPerEpoch: number) =>
  experimentSchema.parse({
    name: 'moments',
    data: { kind: 'synthetic', strengths: [1, 2], sampling: 'population' },
    augmentation: [{ kind: 'additive', sigma: 0.5 }],
    encoder: { kind: 'linear', widths: [2] },
    loss: { kind: 'spectral' },
    optimiser: { kind: 'sgd', learningRate: 0.01 },
    epochs,
    stepsPerEpoch,
  });

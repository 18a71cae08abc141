import { type Experiment, experimentSchema } from '../../../src/experiment/index.ts';

/** A complete experiment with the parts under test. */
export const makeExperiment = (parts: Record<string, unknown>): Experiment =>
  experimentSchema.parse({
    name: 'test',
    seed: 5,
    encoder: { kind: 'linear', widths: [4] },
    loss: { kind: 'spectral' },
    optimiser: { kind: 'sgd', learningRate: 0.1 },
    epochs: 3,
    batchSize: 4,
    ...parts,
  });

/** The message of the failure of `work`, which must fail. */
export const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('did not fail');
};

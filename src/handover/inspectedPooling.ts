import { type Pooling, poolingOfWords } from '../model/index.ts';
import { Fault } from '../protocol/index.ts';
import type { TrainedRun } from '../train/index.ts';

/**
 * How the newest analysis made vectors of this layer, whose numbers are why it is taken: another experiment file can ask
 * for another pooling than the run's own, which is used for a layer that was not inspected.
 */
export const inspectedPooling = async ({ run, experiment }: TrainedRun, layer: string): Promise<Pooling> => {
  try {
    const { layers } = await run.readAnalysis();
    const inspected = layers.find(({ name }) => name === layer);
    return poolingOfWords(inspected?.pooling ?? '') ?? experiment.pooling;
  } catch (error) {
    if (error instanceof Fault) return experiment.pooling;
    throw error;
  }
};

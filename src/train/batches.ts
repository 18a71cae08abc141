import { openBatches } from '../data/index.ts';
import { populationInputs, populationKind } from '../model/index.ts';
import type { Arrays, InputSpec } from '../runtime/index.ts';
import type { Preparation } from './preparation.ts';

/** The inputs of the steps, samples or exact moments. */
export interface StepInputs {
  readonly stepsPerEpoch: number;
  readonly specs: Record<string, InputSpec>;
  /** The inputs of step `step` (from 0) of epoch `epoch` (from 0). */
  at(epoch: number, step: number): Promise<Arrays>;
  close(): Promise<void>;
}

const POPULATION_STEPS_PER_EPOCH = 100;

/** Exact moments do not change from step to step. */
function fromPopulation(preparation: Preparation): StepInputs {
  const { experiment, data } = preparation;
  const inputs: Arrays = populationInputs(data.population!, populationKind(experiment));
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]),
  );
  return {
    stepsPerEpoch: experiment.stepsPerEpoch ?? POPULATION_STEPS_PER_EPOCH,
    specs,
    at: async () => inputs,
    close: async () => {},
  };
}

function fromSamples({ experiment, data, loss }: Preparation, workers?: number): StepInputs {
  const { views } = loss;
  const source = openBatches(experiment, data, { views, labelFactor: loss.label ?? undefined, workers });
  const specs: Record<string, InputSpec> = {
    x: { shape: [views * experiment.batchSize, ...data.shape], dtype: 'float32' },
  };
  if (loss.needsLabels) specs.labels = { shape: [experiment.batchSize], dtype: 'int32' };
  return {
    stepsPerEpoch: source.stepsPerEpoch,
    specs,
    at: async (epoch, step) => {
      const { x, labels } = await source.batch(epoch, step);
      const inputs: Arrays = labels === undefined ? { x } : { x, labels };
      return inputs;
    },
    close: () => source.close(),
  };
}

export const openStepInputs = (preparation: Preparation, workers?: number): StepInputs =>
  preparation.data.population === null ? fromSamples(preparation, workers) : fromPopulation(preparation);

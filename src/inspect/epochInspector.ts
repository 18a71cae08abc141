import { subset } from '../data/index.ts';
import { stateOfEpoch } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { EpochVisit, Preparation } from '../train/index.ts';
import { expectedWeights } from './featureWeights/expectedWeights.ts';
import { inspectModel } from './inspectModel.ts';
import { tapLayers } from './tappedLayer.ts';

/** Test samples used during training: spectra of some hundred dimensions are stable with this many. */
const SAMPLES = 1000;
/** Approximate number of inspections per training. */
const VISITS = 8;

export interface EpochInspection {
  readonly backend: Backend;
  readonly epochs: number;
  /** Epochs between two inspections; null: about eight in all. */
  readonly every: number | null;
  readonly signal?: AbortSignal;
  readonly onBegin?: (epoch: number) => void;
  readonly onEnd?: (epoch: number, state: string) => void;
}

/** The questions during training: spectra, feature weights and similarity above the input, on part of the test split. */
const lightQuestions = ({ experiment, data, ...rest }: Preparation): Preparation => ({
  ...rest,
  experiment: { ...experiment, downstream: [], shifts: [], augmentation: [] },
  data: { ...data, test: subset(data.test, SAMPLES, experiment.seed), shifts: [], taskData: new Map() },
});

/**
 * Inspects a training while it runs: at the first epoch and every few after it, it writes an analysis (without probes
 * and views, over at most 1,000 test samples, as the document says) beside the kept state. The last epoch is left
 * to the full inspection. The training reaches the same weights, because no random state is shared.
 */
export const epochInspector = (inspection: EpochInspection): EpochVisit => {
  const { backend, epochs, signal, onBegin, onEnd } = inspection;
  const every = inspection.every ?? Math.max(1, Math.ceil(epochs / VISITS));
  return {
    at: (epoch) => epoch < epochs && every > 0 && (epoch === 1 || epoch % every === 0),
    visit: async ({ run, preparation, state }) => {
      onBegin?.(state.epoch);
      const { experiment, data, model } = lightQuestions(preparation);
      const layers = tapLayers(model.layers, experiment).filter(({ part }) => part !== 'input');
      const analysis = await inspectModel({
        experiment: { ...experiment, layers: layers.map(({ name }) => name) },
        data,
        model,
        variables: state.variables,
        backend,
        epoch: state.epoch,
        step: state.step,
        signal,
      });
      const name = stateOfEpoch(state.epoch);
      // Theory describes the training, including the augmentation that was left out here.
      const theory = expectedWeights(preparation.experiment, preparation.data);
      await run.writeAnalysis({ ...analysis, ...theory }, name);
      onEnd?.(state.epoch, name);
    },
  };
};

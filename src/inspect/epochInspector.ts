import { stateOfEpoch } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { passingSource, type Trained, type TrainedState } from '../sources/index.ts';
import type { Run } from '../store/index.ts';
import { inspectSource } from './inspectSource.ts';

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

/** A training that stops at some epochs to be inspected. */
interface Visited {
  readonly run: Run;
  readonly preparation: Trained;
  readonly state: TrainedState;
}

/**
 * Inspects a training while it runs: at the first epoch and every few after it, it writes an analysis (without probes
 * and views, over at most 1,000 test samples, as the document says) beside the kept state. The last epoch is left
 * to the full inspection. The training reaches the same weights, because no random state is shared.
 */
export const epochInspector = (inspection: EpochInspection) => {
  const { backend, epochs, signal, onBegin, onEnd } = inspection;
  const every = inspection.every ?? Math.max(1, Math.ceil(epochs / VISITS));
  return {
    at: (epoch: number): boolean => epoch < epochs && every > 0 && (epoch === 1 || epoch % every === 0),
    visit: async ({ run, preparation, state }: Visited): Promise<void> => {
      onBegin?.(state.epoch);
      const analysis = await inspectSource({
        source: passingSource(preparation, state, backend),
        asked: { ...preparation.experiment, downstream: [] },
        backend,
        signal,
      });
      const name = stateOfEpoch(state.epoch);
      await run.writeAnalysis(analysis, name);
      onEnd?.(state.epoch, name);
    },
  };
};

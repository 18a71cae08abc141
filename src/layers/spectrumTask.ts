import type {
  LayerSpectrum,
  LayerSpectrumParams,
  TensorValues,
  TensorValuesParams,
} from '../protocol/index.ts';
import { type Answer, answering } from './answer.ts';
import { checkVersion, plannedSpectrum } from './layerSpectrum.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import type { PlannedLayer } from './plan.ts';
import { SharedMeasures } from './sharedMeasures.ts';
import { tensorValues } from './tensorValues.ts';

/** Layers of one version of a file, as they were planned: a worker need not examine all names again. */
export interface SpectraTask extends Omit<LayerSpectrumParams, 'layer'> {
  readonly layers: readonly PlannedLayer[];
}

const checkpoints = new OpenCheckpoints();

/**
 * Opens the file, reads the tensors of the layers one after the other and measures each. A layer that fails (it does
 * not fit in memory) gets its own answer; a file that cannot be read, or has another version, ends them all.
 */
export const runSpectraTask = (
  task: SpectraTask,
  signal?: AbortSignal,
): Promise<Answer<Answer<LayerSpectrum>[]>> =>
  answering(() =>
    checkpoints.use(task.file, async (checkpoint) => {
      checkVersion(checkpoint, task.version);
      const shared = new SharedMeasures();
      const answers: Answer<LayerSpectrum>[] = [];
      for (const planned of task.layers) {
        signal?.throwIfAborted();
        const measure = async () => shared.of(await plannedSpectrum(checkpoint, planned, task));
        answers.push(await answering(measure, ({ kind }) => kind === 'run'));
      }
      return answers;
    }),
  );

/** Opens the file, and reads the tensors that are not weight matrices one after the other. */
export const runValuesTask = (params: TensorValuesParams): Promise<Answer<TensorValues[]>> =>
  answering(() => checkpoints.use(params.file, (checkpoint) => tensorValues(checkpoint, params)));

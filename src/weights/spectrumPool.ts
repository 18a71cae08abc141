import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../checkpoint/index.ts';
import {
  Fault,
  type FaultData,
  type LayerSpectrum,
  type LayerSpectrumParams,
  type TensorValues,
  type TensorValuesParams,
} from '../protocol/index.ts';
import { plannedLayer } from './layerPlans.ts';
import { MemoryGate } from './memoryGate.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import { runSpectrumTask, runValuesTask, type SpectrumAnswer, type ValuesAnswer } from './spectrumTask.ts';
import { valuesBytes } from './tensorValues.ts';

/** Measures layers on worker threads, one tensor in the memory of each. */
export interface SpectrumPool {
  /**
   * The spectrum of a layer. Aborting ends the thread that works on it, and rejects with the signal's reason. Throws a
   * fault when the file cannot be read or has no such layer.
   */
  measure(params: LayerSpectrumParams, signal?: AbortSignal): Promise<LayerSpectrum>;
  /** What is counted in the tensors of real numbers that are no weight matrices. Aborts and fails as `measure` does. */
  values(params: TensorValuesParams, signal?: AbortSignal): Promise<TensorValues[]>;
  /** Runs `work` on an open checkpoint, which stays open for a few seconds for the next request. */
  use<T>(file: string, work: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Tasks {
  readonly run: (params: LayerSpectrumParams, signal: AbortSignal | undefined) => Promise<SpectrumAnswer>;
  readonly values: (params: TensorValuesParams, signal: AbortSignal | undefined) => Promise<ValuesAnswer>;
}

/** The bundled worker lies beside the bundle; from TypeScript sources there is none. */
const workerFile = fileURLToPath(new URL('./spectrumWorker.js', import.meta.url));
/** A thread that has nothing to do ends after this many milliseconds, and with it the file that it holds open. */
const IDLE = 5000;

interface Workers extends Tasks {
  readonly close: () => Promise<void>;
}

const inThisThread: Workers = {
  run: (params) => runSpectrumTask(params),
  values: (params) => runValuesTask(params),
  close: async () => {},
};

const startWorkers = async (): Promise<Workers> => {
  if (!existsSync(workerFile)) return inThisThread;
  // Only here, since starting up the module costs every other user of this folder.
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: workerFile,
    name: 'runSpectrumTask',
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: IDLE,
  });
  return {
    run: (params, signal) => pool.run(params, { signal }),
    values: (params, signal) => pool.run(params, { name: 'runValuesTask', signal }),
    close: () => pool.destroy(),
  };
};

/** Float64 copies that the exact route holds at its height: the matrix, a scaled one, one turned or shuffled. */
const COPIES = 4;

/** Memory that measuring this layer takes, roughly: the tensor as it was read, and copies of the layer. */
const bytesFor = ({ tensors }: Checkpoint, tensor: string, parameters: number): number => {
  const values = tensors.get(tensor)!.shape.reduce((product, extent) => product * extent, 1);
  return 4 * values + COPIES * 8 * parameters;
};

const faultOf = ({ kind, what, where, remedy }: FaultData): Fault => new Fault(kind, what, where, remedy);

/** A pool for as many threads as there are cores; without a built worker everything runs in this one. */
export const openSpectrumPool = (): SpectrumPool => {
  const checkpoints = new OpenCheckpoints();
  const gate = new MemoryGate();
  let workers: Promise<Workers> | undefined;
  const started = async <T>(
    start: (tasks: Tasks) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    workers ??= startWorkers();
    const tasks = await workers;
    signal?.throwIfAborted();
    try {
      return await start(tasks);
    } catch (error) {
      // The pool has an error of its own for a task that was ended.
      signal?.throwIfAborted();
      throw error;
    }
  };
  return {
    measure: async (params, signal) => {
      const bytes = await checkpoints.use(params.file, (checkpoint) => {
        const { layer } = plannedLayer(checkpoint, params.layer, params.convolution);
        return bytesFor(checkpoint, layer.tensor, layer.parameters);
      });
      const answer = await gate.run(bytes, signal, () => started(({ run }) => run(params, signal), signal));
      if (answer.kind === 'spectrum') return answer.spectrum;
      throw faultOf(answer.fault);
    },
    values: async (params, signal) => {
      const { file, convolution } = params;
      const bytes = await checkpoints.use(file, (checkpoint) => valuesBytes(checkpoint, convolution));
      const answer = await gate.run(bytes, signal, () =>
        started(({ values }) => values(params, signal), signal),
      );
      if (answer.kind === 'values') return answer.values;
      throw faultOf(answer.fault);
    },
    use: (file, work) => checkpoints.use(file, work),
    close: async () => (await workers)?.close(),
  };
};

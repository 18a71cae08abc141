import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../checkpoint/index.ts';
import { Fault, type LayerSpectrum, type LayerSpectrumParams } from '../protocol/index.ts';
import { plannedLayer } from './layerPlans.ts';
import { MemoryGate } from './memoryGate.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import { runSpectrumTask, type SpectrumAnswer } from './spectrumTask.ts';

/** Measures layers on worker threads, one tensor in the memory of each. */
export interface SpectrumPool {
  /**
   * The spectrum of a layer. Aborting ends the thread that works on it, and rejects with the signal's reason. Throws a
   * fault when the file cannot be read or has no such layer.
   */
  measure(params: LayerSpectrumParams, signal?: AbortSignal): Promise<LayerSpectrum>;
  /** Runs `work` on an open checkpoint, which stays open for a few seconds for the next request. */
  use<T>(file: string, work: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Run = (params: LayerSpectrumParams, signal: AbortSignal | undefined) => Promise<SpectrumAnswer>;

/** The bundled worker lies beside the bundle; from TypeScript sources there is none. */
const workerFile = fileURLToPath(new URL('./spectrumWorker.js', import.meta.url));
/** A thread that has nothing to do ends after this many milliseconds, and with it the file that it holds open. */
const IDLE = 5000;

interface Workers {
  readonly run: Run;
  readonly close: () => Promise<void>;
}

const inThisThread: Workers = { run: (params) => runSpectrumTask(params), close: async () => {} };

const startWorkers = async (): Promise<Workers> => {
  if (!existsSync(workerFile)) return inThisThread;
  // Only here, since starting up the module costs every other user of this folder.
  const { Piscina } = await import('piscina');
  const pool = new Piscina<LayerSpectrumParams, SpectrumAnswer>({
    filename: workerFile,
    name: 'runSpectrumTask',
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: IDLE,
  });
  return {
    run: (params, signal) => pool.run(params, signal === undefined ? {} : { signal }),
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

/** A pool for as many threads as there are cores; without a built worker everything runs in this one. */
export const openSpectrumPool = (): SpectrumPool => {
  const checkpoints = new OpenCheckpoints();
  const gate = new MemoryGate();
  let workers: Promise<Workers> | undefined;
  const run: Run = async (params, signal) => {
    workers ??= startWorkers();
    const { run: start } = await workers;
    signal?.throwIfAborted();
    try {
      return await start(params, signal);
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
      const answer = await gate.run(bytes, signal, () => run(params, signal));
      if (answer.kind === 'spectrum') return answer.spectrum;
      const { kind, what, where, remedy } = answer.fault;
      throw new Fault(kind, what, where, remedy);
    },
    use: (file, work) => checkpoints.use(file, work),
    close: async () => (await workers)?.close(),
  };
};

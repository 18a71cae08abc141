import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../checkpoint/index.ts';
import {
  Fault,
  type FaultData,
  type LayerSpectrum,
  type LayerSpectrumParams,
  runFault,
  shown,
  type TensorValues,
  type TensorValuesParams,
} from '../protocol/index.ts';
import { plannedLayer } from './layerPlans.ts';
import { MEMORY_VARIABLE, memoryBudget } from './memoryBudget.ts';
import { MemoryGate } from './memoryGate.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import type { PlannedLayer } from './plan.ts';
import { runSpectrumTask, runValuesTask, type SpectrumAnswer, type ValuesAnswer } from './spectrumTask.ts';
import { valuesBytes } from './tensorValues.ts';
import { type Way, wayOf } from './way.ts';

/** Measures layers on worker threads, one tensor in the memory of each. */
export interface SpectrumPool {
  /**
   * The spectrum of a layer. Aborting ends the thread that works on it, and rejects with the signal's reason. Throws a
   * fault when the file cannot be read or has no such layer, and one of the kind `run` when the layer does not fit in memory.
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

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(3)} GB`;

/** What is too large for this machine, with the numbers; the other layers are measured all the same. */
const refusal =
  (file: string, { layer }: PlannedLayer, { method, bytes }: Way) =>
  (limit: number): Fault =>
    runFault(
      `layer ${shown(layer.name)} of ${layer.matrix.join(' x ')} would take ${gigabytes(bytes)} of memory, more than the ${gigabytes(limit)} that layers may take here`,
      file,
      `${method === 'exact' ? 'Take an estimate, or allow' : 'Allow'} more with ${MEMORY_VARIABLE}, or use a machine with more memory`,
    );

/** The same of the vectors and buffers, of which the largest counts. */
const valuesRefusal =
  (file: string, bytes: number) =>
  (limit: number): Fault =>
    runFault(
      `its vectors would take ${gigabytes(bytes)} of memory, more than the ${gigabytes(limit)} allowed here`,
      file,
      `Allow more with ${MEMORY_VARIABLE}, or use a machine with more memory`,
    );

const faultOf = ({ kind, what, where, remedy }: FaultData): Fault => new Fault(kind, what, where, remedy);

/**
 * A pool for as many threads as there are cores; without a built worker everything runs in this one. `memory` is what all
 * layers may take together, in bytes.
 */
export const openSpectrumPool = (memory = memoryBudget()): SpectrumPool => {
  const checkpoints = new OpenCheckpoints();
  const gate = new MemoryGate(memory);
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
      const { bytes, refuse } = await checkpoints.use(params.file, (checkpoint) => {
        const planned = plannedLayer(checkpoint, params.layer, params.convolution);
        const way = wayOf(checkpoint, planned, params.method);
        return { bytes: way.bytes, refuse: refusal(params.file, planned, way) };
      });
      const work = () => started(({ run }) => run(params, signal), signal);
      const answer = await gate.run(bytes, signal, refuse, work);
      if (answer.kind === 'spectrum') return answer.spectrum;
      throw faultOf(answer.fault);
    },
    values: async (params, signal) => {
      const { file, convolution } = params;
      const bytes = await checkpoints.use(file, (checkpoint) => valuesBytes(checkpoint, convolution));
      const answer = await gate.run(bytes, signal, valuesRefusal(file, bytes), () =>
        started(({ values }) => values(params, signal), signal),
      );
      if (answer.kind === 'values') return answer.values;
      throw faultOf(answer.fault);
    },
    use: (file, work) => checkpoints.use(file, work),
    close: async () => (await workers)?.close(),
  };
};

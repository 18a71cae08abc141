import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../checkpoint/index.ts';
import {
  Fault,
  formatBytes,
  type LayerSpectrum,
  type LayerSpectrumParams,
  runFault,
  shown,
  type TensorValues,
  type TensorValuesParams,
} from '../protocol/index.ts';
import { type Answer, answered, unpacked } from './answer.ts';
import { plannedLayers } from './layerPlans.ts';
import { checkVersion } from './layerSpectrum.ts';
import { MEMORY_VARIABLE, memoryBudget } from './memoryBudget.ts';
import { MemoryGate } from './memoryGate.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import type { PlannedLayer } from './plan.ts';
import { runSpectraTask, runValuesTask, type SpectraTask } from './spectrumTask.ts';
import { valuesBytes } from './tensorValues.ts';
import { type Way, wayOf } from './way.ts';

/** A request about several layers. */
export type SpectraQuestion = Omit<LayerSpectrumParams, 'layer'>;

/** Measures layers on worker threads, with one tensor in memory per thread. */
export interface SpectrumPool {
  /**
   * The spectrum of a layer. Aborting ends the thread that works on it, and rejects with the signal's reason. Throws a
   * fault if the file cannot be read or has no such layer, and one of kind `run` if the layer does not fit in memory.
   */
  measure(params: LayerSpectrumParams, signal?: AbortSignal): Promise<LayerSpectrum>;
  /**
   * The spectra of several small layers in one task: what `measure` gives for each, or the fault of kind `run` that it
   * throws. Aborts, and fails for all of them, like `measure`.
   */
  measureTogether(
    layers: readonly string[],
    question: SpectraQuestion,
    signal?: AbortSignal,
  ): Promise<(LayerSpectrum | Fault)[]>;
  /** What is counted in the tensors of real numbers that are not weight matrices. Aborts and fails like `measure`. */
  values(params: TensorValuesParams, signal?: AbortSignal): Promise<TensorValues[]>;
  /** Runs `work` on an open checkpoint, which stays open for a few seconds for the next request. */
  use<T>(file: string, work: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Tasks {
  readonly spectra: (
    task: SpectraTask,
    signal: AbortSignal | undefined,
  ) => Promise<Answer<Answer<LayerSpectrum>[]>>;
  readonly values: (
    params: TensorValuesParams,
    signal: AbortSignal | undefined,
  ) => Promise<Answer<TensorValues[]>>;
}

/** The bundled worker is beside the bundle; TypeScript sources have none. */
const workerFile = fileURLToPath(new URL('./spectrumWorker.js', import.meta.url));
/** An idle thread ends after this many milliseconds, which also closes the file that it keeps open. */
const IDLE = 5000;

interface Workers extends Tasks {
  readonly close: () => Promise<void>;
}

const inThisThread: Workers = {
  spectra: runSpectraTask,
  values: (params) => runValuesTask(params),
  close: async () => {},
};

const startWorkers = async (): Promise<Workers> => {
  if (!existsSync(workerFile)) return inThisThread;
  // Imported only here, because loading the module would slow down every other user of this folder.
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: workerFile,
    name: 'runSpectraTask',
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: IDLE,
  });
  return {
    spectra: (task, signal) => pool.run(task, { signal }),
    values: (params, signal) => pool.run(params, { name: 'runValuesTask', signal }),
    close: () => pool.destroy(),
  };
};

/** A layer, and how to measure it. */
interface Prepared {
  readonly planned: PlannedLayer;
  readonly way: Way;
}

/** The fault for a layer that is too large for this machine, with the numbers; the other layers are still measured. */
const refusal =
  (file: string, { planned: { layer }, way: { method, bytes } }: Prepared) =>
  (limit: number): Fault =>
    runFault(
      `layer ${shown(layer.name)} of ${layer.matrix.join(' x ')} would take ${formatBytes(bytes)} of memory, more than the ${formatBytes(limit)} that layers may take here`,
      file,
      `${method === 'exact' ? 'Take an estimate, or allow' : 'Allow'} more with ${MEMORY_VARIABLE}, or use a machine with more memory`,
    );

/** The same for the vectors and buffers, where the largest counts. */
const valuesRefusal =
  (file: string, bytes: number) =>
  (limit: number): Fault =>
    runFault(
      `its vectors would take ${formatBytes(bytes)} of memory, more than the ${formatBytes(limit)} allowed here`,
      file,
      `Allow more with ${MEMORY_VARIABLE}, or use a machine with more memory`,
    );

const bytesOf = (prepared: readonly Prepared[]): number =>
  prepared.reduce((sum, { way }) => sum + way.bytes, 0);

/**
 * A pool with as many threads as cores; without a built worker everything runs in this thread. `memory` is the limit
 * for all layers together, in bytes.
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
      // The pool has its own error for a task that was ended.
      signal?.throwIfAborted();
      throw error;
    }
  };
  const measureOpen = async (
    checkpoint: Checkpoint,
    names: readonly string[],
    question: SpectraQuestion,
    signal: AbortSignal | undefined,
  ): Promise<(LayerSpectrum | Fault)[]> => {
    checkVersion(checkpoint, question.version);
    const planned = await plannedLayers(checkpoint, names, question.convolution);
    const prepared = planned.map((each) => ({
      planned: each,
      way: wayOf(checkpoint, each, question.method),
    }));
    const fits = ({ way }: Prepared): boolean => way.bytes <= gate.limit;
    const fitting = prepared.filter(fits);
    // The planned places of the numbers are valid only for this version.
    const version = checkpoint.files?.version;
    const task = { ...question, version, layers: fitting.map((each) => each.planned) };
    // They are processed one after the other, so they fit if each fits.
    const bytes = Math.min(gate.limit, bytesOf(fitting));
    const work = () => started(({ spectra }) => spectra(task, signal), signal);
    const refuse = refusal(question.file, prepared[0]);
    const answers = fitting.length === 0 ? [] : unpacked(await gate.run(bytes, signal, refuse, work));
    const spectra = answers.map(answered).values();
    return prepared.map((each) =>
      fits(each) ? (spectra.next().value as LayerSpectrum | Fault) : refusal(question.file, each)(gate.limit),
    );
  };
  // Kept open here until the answer arrives: a worker may need more time to open it than the idle timeout.
  const measureTogether: SpectrumPool['measureTogether'] = (names, question, signal) =>
    checkpoints.use(question.file, (checkpoint) => measureOpen(checkpoint, names, question, signal));
  return {
    measure: async ({ layer, ...question }, signal) => {
      const [found] = await measureTogether([layer], question, signal);
      if (found instanceof Fault) throw found;
      return found;
    },
    measureTogether,
    values: (params, signal) =>
      checkpoints.use(params.file, async (checkpoint) => {
        const bytes = await valuesBytes(checkpoint, params.convolution);
        const work = () => started(({ values }) => values(params, signal), signal);
        return unpacked(await gate.run(bytes, signal, valuesRefusal(params.file, bytes), work));
      }),
    use: (file, work) => checkpoints.use(file, work),
    close: async () => (await workers)?.close(),
  };
};

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type BatchTask, makeViews } from './batchPlan.ts';

/** Where the views of a batch are made: in this thread, or on worker threads. */
export interface ViewMaker {
  /** 0 when views are made in this thread. */
  readonly workers: number;
  make(task: BatchTask): Promise<Float32Array>;
  close(): Promise<void>;
}

const MOST_WORKERS = 4;
/** The bundled worker is beside the bundle; TypeScript sources have none. */
const workerFile = fileURLToPath(new URL('./augmentWorker.js', import.meta.url));

/** One core is left to the training step. */
export const defaultWorkers = (): number => Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1));

const inline: ViewMaker = {
  workers: 0,
  make: async (task) => makeViews(task),
  close: async () => {},
};

/**
 * A pool of `workers` threads, or this thread if none are requested or no worker has been built. Both run the same
 * code and give the same views.
 */
export const openViewMaker = async (workers: number): Promise<ViewMaker> => {
  if (workers === 0 || !existsSync(workerFile)) return inline;
  // Imported only here, because loading the module would slow down every other user of this folder.
  const { Piscina } = await import('piscina');
  const pool = new Piscina<BatchTask, Float32Array>({
    filename: workerFile,
    name: 'makeBatch',
    minThreads: workers,
    maxThreads: workers,
  });
  const running = new Set<Promise<unknown>>();
  return {
    workers,
    make: (task) => {
      const views = pool.run(task);
      running.add(views);
      const forget = () => running.delete(views);
      views.then(forget, forget);
      return views;
    },
    close: async () => {
      // If a pool is destroyed while a task is nearly done, the late answer becomes an uncaught error.
      await Promise.allSettled(running);
      await pool.destroy();
    },
  };
};

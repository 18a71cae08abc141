import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  type GramSingularValues,
  GramSum,
  type Rows,
  shuffledRows,
  singularValuesOfSum,
} from '../spectrum/index.ts';

/** Accumulates the rows of a matrix in its Gram matrix, and computes its singular values from that. */
export interface RowSum {
  /** Adds rows, row-major, without changing them; with a seed, their entries are taken in a random order. */
  add(rows: Rows, seed: number | null): Promise<void>;
  /** Singular values of all rows, descending, with their error bounds. */
  values(): Promise<GramSingularValues>;
  close(): Promise<void>;
}

/** A request to the thread: to add rows, or for the values. */
export type RowSumQuestion = { readonly rows: Rows; readonly seed: number | null } | 'values';

/** Sums in this thread. */
export class RowSumHere implements RowSum {
  private readonly sum: GramSum;

  constructor(private readonly columns: number) {
    this.sum = new GramSum(columns);
  }

  async add(rows: Rows, seed: number | null): Promise<void> {
    this.sum.add(seed === null ? rows : shuffledRows(rows, this.columns, seed));
  }

  async values(): Promise<GramSingularValues> {
    return singularValuesOfSum(this.sum);
  }

  async close(): Promise<void> {}
}

/** Sums in its own thread, one block of rows at a time, while the next is read and counted. */
class RowSumThread implements RowSum {
  private readonly worker: Worker;
  private taken: Promise<unknown> = Promise.resolve();
  private failure: Error | null = null;
  private answered: { resolve(answer: unknown): void; reject(error: Error): void } | null = null;

  constructor(file: string, columns: number) {
    this.worker = new Worker(file, { workerData: columns });
    this.worker.on('message', (answer) => this.answered?.resolve(answer));
    this.worker.on('error', (error) => this.fail(error));
  }

  async add(rows: Rows, seed: number | null): Promise<void> {
    await this.taken;
    const copy = rows.slice();
    this.taken = this.ask({ rows: copy, seed }, [copy.buffer]);
    // It is only awaited when the next block arrives, which is too late for Node.
    this.taken.catch(() => {});
  }

  async values(): Promise<GramSingularValues> {
    await this.taken;
    return (await this.ask('values')) as GramSingularValues;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(question: RowSumQuestion, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure);
      this.answered = { resolve, reject };
      this.worker.postMessage(question, transfer);
    });
  }

  private fail(error: Error): void {
    this.failure = error;
    this.answered?.reject(error);
  }
}

/** The bundled worker is beside the bundle; TypeScript sources have none. */
const workerFile = fileURLToPath(new URL('./rowSumWorker.js', import.meta.url));

/** A sum of rows with this many columns, in its own thread if the worker `file` was built. */
export const openRowSum = (columns: number, file = workerFile): RowSum =>
  existsSync(file) ? new RowSumThread(file, columns) : new RowSumHere(columns);

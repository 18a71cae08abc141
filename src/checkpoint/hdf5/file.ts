import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Fault, inputFault, runFault, shown } from '../../protocol/index.ts';
import { Allowance } from '../bytes/allowance.ts';
import { type ByteSource, readInto } from '../bytes/byteSource.ts';
import { BYTES_PER_SECOND, LIST_MEMORY, LONG_LIST, objectBytes, patience, readMemory } from './limits.ts';
import {
  FAILED,
  type Hdf5Dataset,
  type Hdf5Object,
  type Hdf5Reply,
  type Hdf5Request,
  type Hdf5Setup,
  READY,
} from './messages.ts';
import { forget, inTurn, type Threaded } from './turns.ts';

const REMEDY = 'The file is damaged or not a checkpoint: fetch or save it again';
const WINDOW = 1 << 20;
/** The bundled worker is beside the bundle; unbundled sources use the built one. */
const workerFile = (): string => {
  const places = ['./hdf5Worker.js', '../../../dist/hdf5Worker.js'];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const file = files.find(existsSync);
  if (file === undefined) throw runFault('has no HDF5 worker', files[0], 'Run npm run build');
  return file;
};

/** On a busy machine or a slow disk, wall time may be this many times the processor time. */
const MOST_WAIT = 6;

/**
 * Calls `late` once this process has used that many seconds of processor time, however much wall time that took, or
 * after `MOST_WAIT` times as much wall time. Returns a function that stops it.
 */
const afterProcessorSeconds = (seconds: number, late: () => void): (() => void) => {
  const begun = performance.now();
  const before = process.cpuUsage();
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const { user, system } = process.cpuUsage(before);
    const left = Math.min(
      seconds - (user + system) / 1e6,
      MOST_WAIT * seconds - (performance.now() - begun) / 1000,
    );
    if (left <= 0) late();
    else timer = setTimeout(look, Math.max(10, left * 1000));
  };
  timer = setTimeout(look, seconds * 1000);
  return () => clearTimeout(timer);
};

type OnSome = (objects: readonly Hdf5Object[]) => void;

/**
 * An HDF5 file, read on its own thread: a file that hangs or crashes the library or takes too much memory ends that
 * thread and is a fault; the next request starts another. Requests for all files are answered one at a time.
 */
export class Hdf5File implements Threaded {
  readonly #source: ByteSource;
  readonly #seconds: number;
  #worker: Worker | null = null;
  /** Bytes being sent to the thread. */
  #buffer = new Uint8Array(0);

  /** `seconds` of processor time bound each request, except for reading many bytes. The caller closes the source. */
  constructor(source: ByteSource, seconds = patience(source.size)) {
    this.#source = source;
    this.#seconds = seconds;
  }

  /** The contents of the file, groups before their members. No values are read. */
  async list(allowance = new Allowance()): Promise<readonly Hdf5Object[]> {
    const where = this.#source.name;
    const found: Hdf5Object[] = [];
    let taken = 0;
    const add = (objects: readonly Hdf5Object[]): void => {
      for (const object of objects) {
        const bytes = objectBytes(object);
        allowance.spend(bytes, (what) => inputFault(what, where, REMEDY));
        taken += bytes;
        found.push(object);
      }
    };
    const reply = await this.#ask({ kind: 'list' }, where, 0, add);
    add((reply as Extract<Hdf5Reply, { kind: 'listed' }>).objects);
    if (taken > LONG_LIST) await this.stop();
    return found;
  }

  /** The `length` bytes of a dataset's values: little-endian, row-major. */
  async read(dataset: Hdf5Dataset, length: number): Promise<Uint8Array> {
    const where = `${this.#source.name}, dataset ${shown(dataset.path)}`;
    const reply = await this.#ask({ kind: 'read', dataset }, where, length);
    return (reply as Extract<Hdf5Reply, { kind: 'values' }>).bytes;
  }

  close(): Promise<void> {
    return this.stop();
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    forget(this);
    await worker?.terminate();
  }

  #ask(request: Hdf5Request, where: string, length: number, onSome: OnSome = () => {}): Promise<Hdf5Reply> {
    const isList = request.kind === 'list';
    // Two files are read alternately, for a comparison. A list that may take much memory is made without other threads.
    return inTurn(this, isList ? 0 : 1, async () => {
      const seconds = this.#seconds + length / BYTES_PER_SECOND;
      const reply = await this.#exchange(request, where, seconds, onSome).catch(async (error: unknown) => {
        await this.stop();
        throw error;
      });
      if (reply.kind !== 'failed') return reply;
      if (reply.fatal || isList) await this.stop();
      throw inputFault(reply.what, where, REMEDY);
    });
  }

  #start(): Worker {
    const { size } = this.#source;
    const setup: Hdf5Setup = {
      size,
      control: new SharedArrayBuffer(4),
      window: new SharedArrayBuffer(Math.max(1, Math.min(size, WINDOW))),
      memoryLimit: LIST_MEMORY,
      readLimit: readMemory(size),
    };
    this.#buffer = new Uint8Array(setup.window.byteLength);
    const worker = new Worker(workerFile(), {
      workerData: setup,
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      // Values are outside the heap, and objects are sent as soon as they are found.
      resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 },
    });
    worker.on('message', (reply: Hdf5Reply) => {
      if (reply.kind === 'want') this.#supply(worker, setup, reply.offset, reply.length);
    });
    // Between requests nothing waits for it, so it must not keep the process alive.
    worker.on('error', () => {});
    worker.unref();
    return worker;
  }

  /** Puts bytes of the file where the worker waits for them. */
  async #supply(worker: Worker, setup: Hdf5Setup, offset: number, length: number): Promise<void> {
    const control = new Int32Array(setup.control);
    try {
      const bytes = this.#buffer.subarray(0, length);
      await readInto(this.#source, bytes, offset);
      new Uint8Array(setup.window).set(bytes);
      Atomics.store(control, 0, READY);
    } catch (error) {
      Atomics.store(control, 0, FAILED);
      worker.emit('unsupplied', error);
    }
    Atomics.notify(control, 0);
  }

  #exchange(request: Hdf5Request, where: string, seconds: number, onSome: OnSome): Promise<Hdf5Reply> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        stop();
        worker.off('message', onMessage).off('error', onError).off('exit', onExit).off('unsupplied', onError);
        settle();
      };
      const refuse = (what: string, cause?: unknown) =>
        finish(() => reject(inputFault(what, where, REMEDY, cause)));
      const onMessage = (reply: Hdf5Reply) => {
        if (reply.kind === 'want') return;
        if (reply.kind !== 'some') return finish(() => resolve(reply));
        try {
          onSome(reply.objects);
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const onError = (error: Error) => {
        if (error instanceof Fault) finish(() => reject(error));
        else refuse('makes the HDF5 library fail', error);
      };
      const onExit = () => refuse('makes the HDF5 library fail');
      const stop = afterProcessorSeconds(seconds, () =>
        refuse(`took the HDF5 library more than ${Math.round(seconds)} s`),
      );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit).on('unsupplied', onError);
      worker.postMessage(request);
    });
  }
}

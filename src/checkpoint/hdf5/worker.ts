/**
 * Worker-thread entry: reads one HDF5 file with a library that a hostile file may hang, crash or bloat, which does
 * no harm here. It requests the file's bytes from the thread that started it.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { cachedReads, type FillBytes } from './blocks.ts';
import { isOutOfMemory, isTrap, limitMemory, type OpenHdf5, openHdf5 } from './library.ts';
import {
  type Hdf5Object,
  Hdf5Refusal,
  type Hdf5Reply,
  type Hdf5Request,
  type Hdf5Setup,
  PENDING,
  READY,
} from './messages.ts';
import { readValues } from './values.ts';
import { listObjects } from './walk.ts';

const port = parentPort as MessagePort;
const setup = workerData as Hdf5Setup;
const control = new Int32Array(setup.control);
const reply = (message: Hdf5Reply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

/** Blocks this thread until the bytes are in the window. */
const fill: FillBytes = (target, offset) => {
  for (let done = 0; done < target.length; ) {
    const length = Math.min(target.length - done, setup.window.byteLength);
    Atomics.store(control, 0, PENDING);
    reply({ kind: 'want', offset: offset + done, length });
    Atomics.wait(control, 0, PENDING);
    if (Atomics.load(control, 0) !== READY) throw new Error('cannot be read');
    target.set(new Uint8Array(setup.window, 0, length), done);
    done += length;
  }
};

/** Objects sent at once: a list is long, and need not exist as a whole on both sides. */
const BATCH = 500;

const sendList = (open: OpenHdf5): void => {
  let objects: Hdf5Object[] = [];
  listObjects(open, (object) => {
    objects.push(object);
    if (objects.length < BATCH) return;
    reply({ kind: 'some', objects });
    objects = [];
  });
  // The library leaves out what it had no memory for.
  if (isOutOfMemory()) throw new Hdf5Refusal('');
  reply({ kind: 'listed', objects });
};

const answer = (open: OpenHdf5, request: Hdf5Request): void => {
  limitMemory(request.kind === 'list' ? setup.memoryLimit : setup.readLimit);
  if (request.kind === 'list') sendList(open);
  else {
    const bytes = readValues(open, request.dataset);
    reply({ kind: 'values', bytes }, [bytes.buffer as ArrayBuffer]);
  }
};

/** A library that runs out of memory can fail in any way: what matters is that it ran out. */
const refusalOf = (error: unknown): Hdf5Reply => {
  const fatal = isTrap(error) || isOutOfMemory();
  if (isOutOfMemory())
    return { kind: 'failed', what: 'takes the HDF5 library more memory than it gets', fatal };
  const what = fatal ? 'makes the HDF5 library fail' : 'is damaged';
  return { kind: 'failed', what: error instanceof Hdf5Refusal ? error.message : what, fatal };
};

const opened = openHdf5(setup.size, cachedReads(setup.size, fill), setup.memoryLimit);
// The first request reports why it failed.
opened.catch(() => {});

port.on('message', async (request: Hdf5Request) => {
  try {
    answer(await opened, request);
  } catch (error) {
    reply(refusalOf(error));
  }
});

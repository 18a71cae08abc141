import type { FillBytes } from './blocks.ts';
import { Hdf5Refusal } from './messages.ts';

export type Hdf5Module = Awaited<typeof import('h5wasm').ready>;

/** The library, and the one file that it has open. */
export interface OpenHdf5 {
  readonly module: Hdf5Module;
  readonly file: bigint;
}

/** The part used here of a file in the library's file system, which its types leave out. */
interface MemoryNode {
  stream_ops: object;
  usedBytes: number;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
/** Node has it, but it is only typed together with the browser's types. */
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } })
  .WebAssembly;

const PATH = '/checkpoint.h5';
const PAGE = 65536;

/**
 * Whether an error means that the library has crashed: a trap, a stack overflow, a C++ exception. Its memory is
 * then in an unknown state. Ordinary errors of the library, and ours, are plain `Error`s.
 */
export const isTrap = (error: unknown): boolean => !(error instanceof Error) || error.name !== 'Error';

const { grow } = Memory.prototype;
/** How often the library requests one piece of memory, at first more than it needs. */
const ATTEMPTS = 3;
let limit = Number.POSITIVE_INFINITY;
let refusals = 0;
let isShort = false;

Memory.prototype.grow = function (this: WasmMemory, pages: number) {
  refusals = this.buffer.byteLength + pages * PAGE > limit ? refusals + 1 : 0;
  isShort ||= refusals === ATTEMPTS;
  if (refusals > 0) throw new RangeError('the memory limit is reached');
  return grow.call(this, pages);
};

/** Whether the library was refused memory since the limit was set: its results cannot be trusted then. */
export const isOutOfMemory = (): boolean => isShort;

/** Bounds the memory of the WebAssembly modules of this thread; past it, an allocation fails inside the library. */
export const limitMemory = (bytes: number): void => {
  limit = bytes;
  refusals = 0;
  isShort = false;
};

/** Shows the library one file, read-only, whose bytes come from `fill`. Nothing is copied in advance. */
const mount = ({ FS }: Hdf5Module, size: number, fill: FillBytes): void => {
  const files = FS as unknown as {
    createFile(parent: string, name: string, properties: object, read: boolean, write: boolean): MemoryNode;
    readdir(path: string): string[];
    unlink(path: string): void;
  };
  // A dataset may name a file with its values: the library finds none, and no device to wait for.
  for (const device of files.readdir('/dev')) {
    if (!['.', '..', 'shm'].includes(device)) files.unlink(`/dev/${device}`);
  }
  const node = files.createFile('/', PATH.slice(1), {}, true, false);
  node.usedBytes = size;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream: unknown, heap: Int8Array, at: number, length: number, position: number): number => {
      const count = Math.max(0, Math.min(length, size - position));
      if (count > 0) fill(new Uint8Array(heap.buffer, heap.byteOffset + at, count), position);
      return count;
    },
  };
};

/**
 * Loads the HDF5 library into this thread and opens a file of `size` bytes with it. The library has no access to the
 * disk or the console: what a file links to does not exist for it. Throws an `Hdf5Refusal` for anything that is not
 * an HDF5 file.
 */
export const openHdf5 = async (size: number, fill: FillBytes, memoryLimit: number): Promise<OpenHdf5> => {
  // It captures the console's functions when it is loaded, and would print its whole error stack for each refusal.
  console.log = () => {};
  console.error = () => {};
  limitMemory(memoryLimit);
  const module = await (await import('h5wasm')).ready;
  mount(module, size, fill);
  const file = module.open(PATH, module.H5F_ACC_RDONLY);
  if (file < 0n) throw new Hdf5Refusal('is not a valid HDF5 file');
  return { module, file };
};

import { constants } from 'node:buffer';
import { type BigIntStats, constants as flags } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { readFault } from '../../disk/index.ts';
import { type Fault, inputFault } from '../../protocol/index.ts';

/** Where bytes come from: a file read by ranges, so that a large one never enters memory, or bytes in memory. */
export interface ByteSource {
  /** Name in faults: the path. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`, which the caller has checked against `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same into existing memory, for repeated reads. */
  readInto?(target: Uint8Array, offset: number): Promise<void>;
  /** Stats of an open file in its current state, even if its path now leads elsewhere. */
  stats?(): Promise<BigIntStats>;
  close(): Promise<void>;
}

export const memorySource = (bytes: Uint8Array, name = 'bytes in memory'): ByteSource => ({
  name,
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  close: async () => {},
});

/** Reads into `target`, by copying if the source has no `readInto`. */
export const readInto = async (source: ByteSource, target: Uint8Array, offset: number): Promise<void> => {
  if (source.readInto !== undefined) await source.readInto(target, offset);
  else target.set(await source.read(offset, target.length));
};

/** One read(2) takes less than 2^31 bytes. */
const MAX_READ = 2 ** 30;

const fill = async (file: FileHandle, path: string, target: Uint8Array, offset: number): Promise<void> => {
  for (let done = 0; done < target.length; ) {
    const size = Math.min(MAX_READ, target.length - done);
    const { bytesRead } = await file.read(target, done, size, offset + done);
    if (bytesRead === 0) {
      throw inputFault('ended while it was being read', `${path}, byte ${offset + done}`, 'Read it again');
    }
    done += bytesRead;
  }
};

const readRange = async (file: FileHandle, path: string, offset: number, length: number) => {
  if (length > constants.MAX_LENGTH) {
    throw inputFault(
      `has a part of ${length} bytes, more than fits in one buffer`,
      `${path}, byte ${offset}`,
      'Split the array into smaller ones',
    );
  }
  const bytes = new Uint8Array(length);
  await fill(file, path, bytes, offset);
  return bytes;
};

/** Why a file could not be opened, with the path as the user gave it. */
export const openFault = (path: string, error: unknown): Fault => readFault(path, error);

/** Windows does not have it. */
const DO_NOT_WAIT = flags.O_NONBLOCK ?? 0;

const checkIsFile = (path: string, isFile: boolean): void => {
  if (!isFile) throw inputFault('is not a file', path, 'Give the path of a file');
};

/** Opens a regular file and nothing else: reading a pipe may never return, and a device has no end. */
export const fileSource = async (path: string): Promise<ByteSource> => {
  const failed = (error: unknown): never => {
    throw openFault(path, error);
  };
  checkIsFile(path, (await stat(path).catch(failed)).isFile());
  // Something else may have replaced it in the meantime.
  const file = await open(path, flags.O_RDONLY | DO_NOT_WAIT).catch(failed);
  try {
    const stats = await file.stat();
    checkIsFile(path, stats.isFile());
    return {
      name: path,
      size: stats.size,
      read: (offset, length) => readRange(file, path, offset, length),
      readInto: (target, offset) => fill(file, path, target, offset),
      stats: () => file.stat({ bigint: true }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
};

export const sourceOf = async (source: string | Uint8Array, name?: string): Promise<ByteSource> =>
  typeof source === 'string' ? fileSource(source) : memorySource(source, name);

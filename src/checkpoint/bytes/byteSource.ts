import { constants } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { inputFault } from '../../protocol/index.ts';

/** Where bytes come from: a file read by ranges, so that a large one never enters memory, or bytes in memory. */
export interface ByteSource {
  /** What faults call it: the path. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`, which the caller has checked against `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export const memorySource = (bytes: Uint8Array, name = 'bytes in memory'): ByteSource => ({
  name,
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  close: async () => {},
});

/** One read(2) takes less than 2^31 bytes. */
const MAX_READ = 2 ** 30;

const readRange = async (file: FileHandle, path: string, offset: number, length: number) => {
  if (length > constants.MAX_LENGTH) {
    throw inputFault(
      `has a part of ${length} bytes, more than fits in one buffer`,
      `${path}, byte ${offset}`,
      'Split the array into smaller ones',
    );
  }
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const size = Math.min(MAX_READ, length - done);
    const { bytesRead } = await file.read(bytes, done, size, offset + done);
    if (bytesRead === 0) {
      throw inputFault('ended while it was being read', `${path}, byte ${offset + done}`, 'Read it again');
    }
    done += bytesRead;
  }
  return bytes;
};

/** Why a file could not be opened, in the words of the person who named it. */
export const openFault = (path: string, error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return inputFault('there is no such file', path, 'Check the path', error);
  if (code === 'EACCES' || code === 'EPERM')
    return inputFault('may not be read', path, 'Check its permissions', error);
  return inputFault(`cannot be read (${code ?? (error as Error).message})`, path, 'Check the path', error);
};

export const fileSource = async (path: string): Promise<ByteSource> => {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw openFault(path, error);
  });
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    throw inputFault('is not a file', path, 'Name a file');
  }
  return {
    name: path,
    size: stats.size,
    read: (offset, length) => readRange(file, path, offset, length),
    close: () => file.close(),
  };
};

export const sourceOf = async (source: string | Uint8Array, name?: string): Promise<ByteSource> =>
  typeof source === 'string' ? fileSource(source) : memorySource(source, name);

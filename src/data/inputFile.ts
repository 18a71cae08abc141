import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readFault } from '../disk/index.ts';
import { inputFault } from '../protocol/index.ts';

/** No data file that fits into memory as a training set inflates to more; a zip bomb would. */
const MOST_INFLATED = 2 ** 30;

const inflate = promisify(gunzip);

/** A file or folder that cannot be read, in one line. */
export const unreadable = (error: unknown, path: string): Error =>
  readFault(path, error, { missing: { what: 'does not exist', remedy: 'Check the path' } });

export const readInput = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(error, path);
  }
};

const inflateFault = (error: unknown, path: string, length: number): Error => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return inputFault(
      'the gzip stream is cut off here',
      `${path}, byte ${length}`,
      'Download the file again',
      error,
    );
  }
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return inputFault('inflates to more than 1 GiB', path, 'Split the file', error);
  }
  return inputFault(`is not valid gzip (${message})`, path, 'Download the file again', error);
};

/** Reads a file, inflated when it is gzipped (by content, not by name). */
export const readMaybeGzipped = async (path: string): Promise<Uint8Array> => {
  const bytes = await readInput(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await inflate(bytes, { maxOutputLength: MOST_INFLATED });
  } catch (error) {
    throw inflateFault(error, path, bytes.length);
  }
};

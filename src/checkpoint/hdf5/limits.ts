import { OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { Hdf5Object } from './messages.ts';

const MEBI = 1 << 20;
/** The library reads at least this many bytes per second, once it has started. */
export const BYTES_PER_SECOND = 4 * MEBI;
/**
 * Seconds of processor time for listing what a file contains, and for starting a read: a damaged file can
 * keep the library busy forever.
 */
export const patience = (size: number): number => Math.min(30, 8 + size / BYTES_PER_SECOND);

/** Memory for listing a file: it starts with 18 MiB, and 40,000 datasets take 40. */
export const LIST_MEMORY = 48 * MEBI;
/** The library's memory never shrinks: after a list longer than this it is released by ending the thread. */
export const LONG_LIST = 2 * MEBI;
/** Memory for reading values. Small files get little: one that needs more is hostile. */
export const readMemory = (size: number): number => Math.min(1024 * MEBI, 160 * MEBI + 2 * size);

/** Memory of an object, including what is made from it later. */
export const objectBytes = (object: Hdf5Object): number => {
  const texts = object.kind === 'damaged' ? [] : [...object.attributes.values()].flat();
  return texts.reduce((sum, text) => sum + textBytes(text), 9 * OBJECT_BYTES + 2 * textBytes(object.path));
};

import { OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { Hdf5Object } from './messages.ts';

const MEBI = 1 << 20;
/** The library makes at least this many bytes a second, once it has started. */
export const BYTES_PER_SECOND = 4 * MEBI;
/** Seconds of the processor for the list of what a file holds, and to begin a read: damage can keep the library busy for ever. */
export const patience = (size: number): number => Math.min(30, 8 + size / BYTES_PER_SECOND);

/** To list what a file holds: it begins with 18 MiB, and 40,000 datasets take 40. */
export const LIST_MEMORY = 48 * MEBI;
/** The library's memory never shrinks: after a longer list than this it is given back with the thread. */
export const LONG_LIST = 2 * MEBI;
/** To read values. Small files get little memory: one that wants more is hostile. */
export const readMemory = (size: number): number => Math.min(1024 * MEBI, 160 * MEBI + 2 * size);

/** What an object takes in memory, with what is made of it later. */
export const objectBytes = (object: Hdf5Object): number => {
  const texts = object.kind === 'damaged' ? [] : [...object.attributes.values()].flat();
  return texts.reduce((sum, text) => sum + textBytes(text), 9 * OBJECT_BYTES + 2 * textBytes(object.path));
};

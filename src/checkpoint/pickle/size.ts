import { OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import { PickleGlobal, PickleReference, type PickleValue } from './value.ts';

/** An empty Map or Set reserves room for some entries; so does a list with its first item. */
const EMPTY_MAP_BYTES = 232;
const FIRST_ITEM_BYTES = 150;
/** While a list, Map or Set grows, it exists twice. */
const ITEM_BYTES = 20;
export const MAP_ITEM_BYTES = 60;
/** Bytes are an array, a buffer and memory outside the heap. */
const BYTES_BYTES = 256;
/** A number that is not a small integer; a bigint without its digits. */
const NUMBER_BYTES = 16;

/** Memory of a new value, without the values in it. */
export const valueBytes = (value: PickleValue): number => {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return (value | 0) === value ? 0 : NUMBER_BYTES;
  if (typeof value === 'bigint') return 2 * NUMBER_BYTES + value.toString(16).length / 2;
  if (value === null || typeof value === 'boolean') return 0;
  if (Array.isArray(value)) return OBJECT_BYTES / 2 + 8 * value.length;
  if (value instanceof Uint8Array) return BYTES_BYTES + value.length;
  if (value instanceof PickleReference) return OBJECT_BYTES / 2;
  if (value instanceof PickleGlobal) return OBJECT_BYTES + textBytes(value.module) + textBytes(value.name);
  if (value instanceof Map || value instanceof Set) return EMPTY_MAP_BYTES + MAP_ITEM_BYTES * value.size;
  return OBJECT_BYTES;
};

/** Memory that `count` more items take in a list that has `length`. */
export const itemBytes = (length: number, count: number): number =>
  (length === 0 ? FIRST_ITEM_BYTES : 0) + ITEM_BYTES * count;

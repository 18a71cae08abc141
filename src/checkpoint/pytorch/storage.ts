import { inputFault } from '../../protocol/index.ts';
import type { PickleReference, PickleValue } from '../pickle/value.ts';
import { type PytorchType, storageTypeOf } from './types.ts';

const REMEDY = 'The file is damaged: fetch or save it again';

/** What a persistent id says about a storage. Sizes are in elements of its type. */
export interface StorageId {
  readonly key: string;
  readonly type: PytorchType;
  readonly count: number;
  /** The part of the storage `key` that is used, if not all of it: only in versions before 1.6. */
  readonly part: { readonly begin: number; readonly count: number } | null;
}

/** The key of a storage: text, or an address as a number. */
export const storageKey = (value: PickleValue | undefined, where: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw inputFault('has a storage whose key is neither text nor a number', where, REMEDY);
};

const natural = (value: PickleValue | undefined, where: string): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw inputFault('has a storage whose size is not a natural number', where, REMEDY);
};

/** The type of a storage that a pickle names, which must be known because it determines the size. */
export const needStorageType = (value: PickleValue | undefined, where: string): PytorchType => {
  const type = storageTypeOf(value);
  if (type === undefined) throw inputFault('has a storage of an unknown type', where, REMEDY);
  return type;
};

/** Reads `('storage', type, key, location, size[, part])`, refusing every other persistent id. */
export const storageId = ({ id }: PickleReference, where: string): StorageId => {
  if (!Array.isArray(id) || (id[0] !== 'storage' && !isBytes(id[0], 'storage'))) {
    throw inputFault('has a tensor whose storage is not named as one', where, REMEDY);
  }
  const [, type, key, , size, part] = id;
  return {
    key: storageKey(key, where),
    type: needStorageType(type, where),
    count: natural(size, where),
    part: Array.isArray(part) ? { begin: natural(part[1], where), count: natural(part[2], where) } : null,
  };
};

/** Python 2's texts can be stored as bytes. */
const isBytes = (value: PickleValue | undefined, text: string): boolean =>
  value instanceof Uint8Array && Buffer.from(value).toString('latin1') === text;

import { inputFault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { PytorchType } from './types.ts';
import type { PytorchStorage } from './view.ts';

const REMEDY = 'The file is cut off or damaged: fetch or save it again';

/** Reads 8-byte integers, which must be natural numbers that are exact. */
export const readNaturals = async (
  source: ByteSource,
  begin: number,
  count: number,
  limit: number,
  little: boolean,
): Promise<number[]> => {
  if (!(begin + 8 * count <= limit)) {
    throw inputFault('ends where a size is expected', `${source.name}, byte ${begin}`, REMEDY);
  }
  const bytes = await source.read(begin, 8 * count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, i) => {
    const value = view.getBigInt64(8 * i, little);
    if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw inputFault(`has the size ${value}`, `${source.name}, byte ${begin + 8 * i}`, REMEDY);
  });
};

/** A storage whose elements begin at byte `begin` of the file and must end before byte `limit`. */
export const storageAt = (
  source: ByteSource,
  begin: number,
  limit: number,
  stored: {
    readonly key: string;
    readonly type: PytorchType;
    readonly count: number;
    readonly little: boolean;
  },
): PytorchStorage => {
  const { key, type, count, little } = stored;
  const bytes = count * type.bytes;
  if (!(begin + bytes <= limit)) {
    const what = `has a storage of ${bytes} bytes where ${Math.max(0, limit - begin)} are left`;
    throw inputFault(what, `${source.name}, byte ${begin}`, REMEDY);
  }
  return {
    key,
    type,
    bytes,
    little,
    locate: (byte) => `${source.name}, byte ${begin + byte}`,
    read: (from, length) => source.read(begin + from, length),
  };
};

/** A part of a storage as a separate storage. `begin` and `count` are in elements. */
export const partOf = (
  whole: PytorchStorage,
  begin: number,
  count: number,
  where: string,
): PytorchStorage => {
  const from = begin * whole.type.bytes;
  const bytes = count * whole.type.bytes;
  if (!(from + bytes <= whole.bytes)) {
    throw inputFault(
      `has elements ${begin} to ${begin + count} of a storage of ${whole.bytes} bytes`,
      where,
      REMEDY,
    );
  }
  return {
    ...whole,
    key: `${whole.key}+${begin}`,
    bytes,
    locate: (byte) => whole.locate(from + byte),
    read: (at, length) => whole.read(from + at, length),
  };
};

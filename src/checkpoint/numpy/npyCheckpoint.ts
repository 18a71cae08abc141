import { basename } from 'node:path';
import { inputFault, shown } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, TensorEntry } from '../checkpoint.ts';
import { plainRange, type ReadRange } from '../range.ts';
import type { StoredTensor } from '../tensor.ts';
import { readNpyArray } from './npy.ts';
import { type LocatedArray, MAGIC, readNpyHeader } from './npySource.ts';

const unreadableReason = ({ header: { element } }: LocatedArray): string | undefined => {
  if (element.kind === 'opaque') return element.reason;
  return element.kind === 'number' ? undefined : 'holds text, not numbers';
};

/** The entry of an array whose header was read; `bytes` is its size in the file. */
export const npyEntry = (name: string, located: LocatedArray, bytes: number): TensorEntry => {
  const { descr, shape } = located.header;
  const unreadable = unreadableReason(located);
  return { name, dtype: descr, shape, bytes, ...(unreadable === undefined ? {} : { unreadable }) };
};

/** The array as a tensor; text is refused. */
export const readNpyTensor = async (source: ByteSource, located: LocatedArray): Promise<StoredTensor> => {
  const array = await readNpyArray(source, located);
  if (array.dtype !== 'string') return array;
  throw inputFault('holds text, not numbers', source.name, 'Use an array of numbers');
};

/** The values of an array of text; null for one of numbers. */
export const readNpyTexts = async (
  source: ByteSource,
  located: LocatedArray,
): Promise<readonly string[] | null> => {
  const { kind } = located.header.element;
  if (kind === 'number' || kind === 'opaque') return null;
  const array = await readNpyArray(source, located);
  return array.dtype === 'string' ? array.data : null;
};

/** The array in parts, or null if it is not an array of numbers in row-major order. `source` begins with its header. */
export const npyRange = (
  source: Pick<ByteSource, 'name' | 'read'>,
  { header, dataStart }: LocatedArray,
): ReadRange | null => {
  const { element, fortranOrder, shape } = header;
  if (element.kind !== 'number' || (fortranOrder && shape.length > 1)) return null;
  const read = (at: number, length: number) => source.read(dataStart + at, length);
  return plainRange(
    element.dtype,
    element.little,
    read,
    (byte) => `${source.name}, byte ${dataStart + byte}`,
  );
};

const open = async (source: ByteSource): Promise<Checkpoint> => {
  try {
    const located = await readNpyHeader(source);
    const name = basename(source.name).replace(/\.npy$/i, '');
    return {
      path: source.name,
      format: NPY.name,
      metadata: new Map(),
      tensors: new Map([[name, npyEntry(name, located, source.size - located.dataStart)]]),
      read: async (tensor) => {
        if (tensor === name) return readNpyTensor(source, located);
        throw inputFault(`has no tensor ${shown(tensor)}`, source.name, `Its one tensor is ${shown(name)}`);
      },
      ranges: (tensor) => (tensor === name ? npyRange(source, located) : null),
      texts: async (tensor) => (tensor === name ? readNpyTexts(source, located) : null),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** A `.npy` file: one tensor, named after the file. */
export const NPY: CheckpointFormat = {
  name: 'NumPy array',
  isMine: (head) => Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') === MAGIC,
  open,
};

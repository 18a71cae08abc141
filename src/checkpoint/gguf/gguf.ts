import { inputFault, shown } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, TensorEntry } from '../checkpoint.ts';
import { decodeElements } from '../elements.ts';
import { plainRange, type ReadRange } from '../range.ts';
import { elementCount, type StoredTensor } from '../tensor.ts';
import type { ExpandBlock } from './ggmlBlocks.ts';
import type { GgmlType } from './ggmlTypes.ts';
import { type GgufTensor, readGgufHeader } from './header.ts';

/** Quantised tensors are read and expanded about this many bytes at a time. */
const SLAB = 2 ** 24;

const entryOf = ({ name, shape, typeId, type, bytes }: GgufTensor): TensorEntry => {
  const entry = { name, dtype: type?.name ?? `type ${typeId}`, shape, bytes };
  if (type === undefined)
    return { ...entry, unreadable: `is of ggml type ${typeId}, which is not known here` };
  const isRead = type.element !== undefined || type.expand !== undefined;
  return isRead ? entry : { ...entry, unreadable: `is quantised as ${type.name}, which is not read here` };
};

const expandAll = async (
  source: ByteSource,
  { shape, begin, bytes }: GgufTensor,
  type: GgmlType,
  expand: ExpandBlock,
  little: boolean,
): Promise<Float32Array> => {
  const data = new Float32Array(elementCount(shape) as number);
  const step = Math.floor(SLAB / type.bytes) * type.bytes;
  let to = 0;
  for (let from = 0; from < bytes; from += step) {
    const slab = await source.read(begin + from, Math.min(step, bytes - from));
    const view = new DataView(slab.buffer, slab.byteOffset, slab.byteLength);
    for (let at = 0; at < slab.length; at += type.bytes, to += type.count) expand(view, at, data, to, little);
  }
  return data;
};

const readValues = async (source: ByteSource, tensor: GgufTensor, little: boolean): Promise<StoredTensor> => {
  const { shape, type, begin, bytes } = tensor;
  if (type?.expand !== undefined) {
    return { dtype: 'float32', shape, data: await expandAll(source, tensor, type, type.expand, little) };
  }
  const dtype = (type as GgmlType).element as NonNullable<GgmlType['element']>;
  const locate = (byte: number) => `${source.name}, byte ${begin + byte}`;
  // An empty tensor may claim any offset.
  const stored = bytes === 0 ? new Uint8Array(0) : await source.read(begin, bytes);
  return { dtype, shape, data: decodeElements(stored, dtype, little, locate) };
};

const readTensor = async (source: ByteSource, tensor: GgufTensor, little: boolean): Promise<StoredTensor> => {
  const where = `${source.name}, entry ${shown(tensor.name)}`;
  const { unreadable } = entryOf(tensor);
  if (unreadable !== undefined) throw inputFault(unreadable, where, 'Convert it to F16 or Q8_0');
  return readValues(source, tensor, little).catch((error: unknown) => {
    // JavaScript refuses too large an array with a RangeError before it takes any memory.
    if (!(error instanceof RangeError)) throw error;
    throw inputFault('has more values than fit in memory', where, 'Split the tensor', error);
  });
};

/** Quantised numbers come in whole blocks. */
const quantisedRange =
  (
    source: ByteSource,
    { begin }: GgufTensor,
    type: GgmlType,
    expand: ExpandBlock,
    little: boolean,
  ): ReadRange =>
  async (from, to) => {
    const first = Math.floor(from / type.count);
    const blocks = Math.ceil(to / type.count) - first;
    const slab = await source.read(begin + first * type.bytes, blocks * type.bytes);
    const view = new DataView(slab.buffer, slab.byteOffset, slab.byteLength);
    const data = new Float32Array(blocks * type.count);
    for (let i = 0; i < blocks; i++) expand(view, i * type.bytes, data, i * type.count, little);
    return data.subarray(from - first * type.count, to - first * type.count);
  };

const rangeOf = (source: ByteSource, tensor: GgufTensor, little: boolean): ReadRange | null => {
  const { type, begin } = tensor;
  if (type?.expand !== undefined) return quantisedRange(source, tensor, type, type.expand, little);
  if (type?.element === undefined) return null;
  const read = (at: number, length: number) => source.read(begin + at, length);
  return plainRange(type.element, little, read, (byte) => `${source.name}, byte ${begin + byte}`);
};

const openHeader = async (source: ByteSource, allowance?: Allowance): Promise<Checkpoint> => {
  const { little, metadata, tensors } = await readGgufHeader(source, allowance);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return {
    path: source.name,
    format: 'GGUF',
    metadata,
    tensors: new Map(tensors.map((tensor) => [tensor.name, entryOf(tensor)])),
    read: async (name) => {
      const tensor = byName.get(name);
      if (tensor !== undefined) return readTensor(source, tensor, little);
      throw inputFault(`has no tensor ${shown(name)}`, source.name, 'Use one of its tensors');
    },
    ranges: (name) => {
      const tensor = byName.get(name);
      return tensor === undefined ? null : rangeOf(source, tensor, little);
    },
    close: () => source.close(),
  };
};

/**
 * The format of llama.cpp and other users of ggml. Plain numbers and the usual quantisations are read, the latter as
 * float32; the entry's dtype names the quantisation. Others are only listed.
 */
export const GGUF: CheckpointFormat = {
  name: 'GGUF',
  isMine: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'GGUF',
  open: async (source, _, allowance) => {
    try {
      return await openHeader(source, allowance);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};

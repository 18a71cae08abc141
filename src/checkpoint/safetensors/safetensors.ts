import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance } from '../bytes/allowance.ts';
import { type ByteSource, sourceOf } from '../bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { decodeElements, encodeElements } from '../elements.ts';
import { plainRange } from '../range.ts';
import { elementCount, type StoredTensor } from '../tensor.ts';
import type { SafetensorsEntry } from './entry.ts';
import { readSafetensorsHeader } from './header.ts';
import { SAFETENSORS_TYPES } from './types.ts';

/** The limit of the format's own reader. */
const MAX_HEADER = 100_000_000;
const REMEDY = 'The file is cut off or not a safetensors file: fetch or save it again';

/** Where the header, which begins at byte 8, ends. */
const headerEnd = async (source: ByteSource): Promise<number> => {
  const { name, size } = source;
  if (size < 8) throw inputFault(`is only ${size} bytes long`, `${name}, byte 0`, REMEDY);
  const start = await source.read(0, 8);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER) {
    throw inputFault(
      `claims a header of ${length} bytes, above the limit of ${MAX_HEADER}`,
      `${name}, byte 0`,
      REMEDY,
    );
  }
  if (Number(length) > size - 8) {
    throw inputFault(`claims a header of ${length} bytes and has ${size - 8}`, `${name}, byte 0`, REMEDY);
  }
  return 8 + Number(length);
};

/** Writers, according to the metadata, that store kernels like TensorFlow. */
const CHANNELS_LAST = new Set(['pentimento', 'tf', 'flax']);

/** The entries with the layout of their kernels, according to the metadata. */
const withLayout = (
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  writer: string | undefined,
): ReadonlyMap<string, SafetensorsEntry> => {
  if (writer === undefined || !CHANNELS_LAST.has(writer)) return tensors;
  return new Map([...tensors].map(([name, entry]) => [name, { ...entry, layout: 'HWIO' as const }]));
};

const readTensor = async (source: ByteSource, entry: SafetensorsEntry): Promise<StoredTensor> => {
  const dtype = SAFETENSORS_TYPES[entry.dtype].element;
  const locate = (byte: number) => `${source.name}, byte ${entry.begin + byte}`;
  if (dtype === undefined) {
    throw inputFault(
      `has tensor ${shown(entry.name)}, which ${entry.unreadable}`,
      locate(0),
      'Convert it to F32 or BF16',
    );
  }
  // A range read returns fresh or shared bytes at any alignment: decoding copies them into an aligned array.
  const bytes = await source.read(entry.begin, entry.end - entry.begin);
  return { dtype, shape: entry.shape, data: decodeElements(bytes, dtype, true, locate) };
};

const openFrom = async (source: ByteSource, allowance = new Allowance()): Promise<Checkpoint> => {
  try {
    const dataStart = await headerEnd(source);
    const { metadata, tensors } = await readSafetensorsHeader(source, 8, dataStart, allowance);
    const entries = withLayout(tensors, metadata.get('format'));
    return {
      path: source.name,
      format: SAFETENSORS.name,
      metadata,
      tensors: entries,
      read: async (tensor) => {
        const entry = entries.get(tensor);
        if (entry !== undefined) return readTensor(source, entry);
        throw inputFault(`has no tensor ${shown(tensor)}`, source.name, 'Use one of its tensors');
      },
      ranges: (tensor) => {
        const entry = entries.get(tensor);
        const dtype = entry && SAFETENSORS_TYPES[entry.dtype].element;
        if (dtype === undefined || entry === undefined) return null;
        const read = (at: number, length: number) => source.read(entry.begin + at, length);
        return plainRange(dtype, true, read, (byte) => `${source.name}, byte ${entry.begin + byte}`);
      },
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** A header within the format's size limit that begins like JSON; `open` checks whether the file is complete. */
const looksLikeSafetensors = (head: Uint8Array): boolean => {
  if (head.length < 9) return false;
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  return length <= MAX_HEADER && /^[ \t\r\n]*\{/.test(Buffer.from(head.subarray(8)).toString('latin1'));
};

export const SAFETENSORS: CheckpointFormat = {
  name: 'safetensors',
  isMine: looksLikeSafetensors,
  open: (source, _, allowance) => openFrom(source, allowance),
};

/**
 * Opens a safetensors file: reads and checks its header, then reads tensors one by one on demand. A header that
 * violates any rule of the format is refused with the byte where it does. The caller closes it.
 */
export const openSafetensors = async (from: string | Uint8Array, name?: string): Promise<Checkpoint> =>
  openFrom(await sourceOf(from, name));

/** The format's order of dtypes and each one's name, by what it stores. */
const RANKS = new Map(
  Object.entries(SAFETENSORS_TYPES).map(([dtype, { element }], rank) => [element, { dtype, rank }] as const),
);

const rankOf = ({ dtype }: StoredTensor) => RANKS.get(dtype) as { dtype: string; rank: number };

/**
 * The bytes of a safetensors file, laid out like the format's own writer: tensors by dtype (widest alignment
 * first), then by name in UTF-8 order; header in compact JSON, padded with spaces to a multiple of 8.
 */
export const encodeSafetensors = (
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      rankOf(b).rank - rankOf(a).rank || Buffer.compare(Buffer.from(nameA), Buffer.from(nameB)),
  );
  const members = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  const buffers: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of ordered) {
    const { shape, data } = tensor;
    if (name === '__metadata__') throw new RangeError('__metadata__ is no name for a tensor');
    if (elementCount(shape) !== data.length) {
      throw new RangeError(`tensor ${name} has ${data.length} values for shape [${shape.join(', ')}]`);
    }
    const bytes = encodeElements(data, tensor.dtype);
    const info = { dtype: rankOf(tensor).dtype, shape, data_offsets: [offset, offset + bytes.length] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    buffers.push(bytes);
    offset += bytes.length;
  }
  const header = Buffer.from(`{${members.join(',')}}`);
  const padded = Buffer.alloc(Math.ceil(header.length / 8) * 8, ' ');
  header.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...buffers]);
};

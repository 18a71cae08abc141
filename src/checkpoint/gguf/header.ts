import { shown } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { elementCount } from '../tensor.ts';
import { GgufCursor } from './cursor.ts';
import { GGML_TYPES, type GgmlType } from './ggmlTypes.ts';
import { readMetadataValue } from './metadata.ts';

export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its number in the file, and what is known about it. */
  readonly typeId: number;
  readonly type?: GgmlType;
  /** Offset of its first byte in the file. */
  readonly begin: number;
  /** Up to the next tensor if the type, and so the size, is unknown. */
  readonly bytes: number;
}

export interface GgufHeader {
  readonly little: boolean;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly tensors: readonly GgufTensor[];
}

/** Far above any model; they bound the memory that a hostile header can take. */
const MAX_VALUES = 2 ** 16;
const MAX_TENSORS = 2 ** 16;
/** The format's own limits for a key and for dimensions. A tensor's name is at most 64 bytes, but some forks raise it. */
const MAX_KEY = 65535;
const MAX_DIMENSIONS = 4;
const MAX_NAME = 1024;
/** Memory of a tensor with its entry, besides its name. */
const TENSOR_BYTES = 5 * OBJECT_BYTES + 3 * MAP_PLACE_BYTES;
const DEFAULT_ALIGNMENT = 32;
const ALIGNMENT_KEY = 'general.alignment';

const readVersion = async (cursor: GgufCursor): Promise<void> => {
  cursor.skip(4);
  let version = await cursor.uint32();
  // A small number in the other byte order has nothing in its lower half.
  if (version !== 0 && (version & 0xffff) === 0) {
    cursor.little = false;
    cursor.at -= 4;
    version = await cursor.uint32();
  }
  if (version < 1 || version > 3) throw cursor.fault(`has version ${version}, not 1, 2 or 3`, 4);
  cursor.wide = version > 1;
};

const limited = (cursor: GgufCursor, at: number, count: number, most: number, what: string): number => {
  if (count > most) throw cursor.fault(`has ${count} ${what}, above the limit of ${most}`, at);
  return count;
};

const readName = async (cursor: GgufCursor, what: string, most: number): Promise<string> => {
  const at = cursor.at;
  const { text, isCut } = await cursor.text(what, most);
  if (isCut) throw cursor.fault(`has ${what} of more than ${most} bytes`, at);
  if (text.includes('\ufffd')) throw cursor.fault(`has ${what} that is not UTF-8`, at);
  return text;
};

const readAlignment = async (cursor: GgufCursor, type: number): Promise<number> => {
  const at = cursor.at;
  if (type !== 4) throw cursor.fault(`has ${ALIGNMENT_KEY} of metadata type ${type}, not uint32`, at);
  const alignment = await cursor.uint32();
  const isPower = alignment > 0 && Number.isInteger(Math.log2(alignment));
  if (!isPower) throw cursor.fault(`has ${ALIGNMENT_KEY} ${alignment}, which is not a power of two`, at);
  return alignment;
};

const readMetadata = async (
  cursor: GgufCursor,
  count: number,
): Promise<{ metadata: Map<string, string>; alignment: number }> => {
  const metadata = new Map<string, string>();
  let alignment = DEFAULT_ALIGNMENT;
  for (let i = 0; i < count; i++) {
    const at = cursor.at;
    const key = await readName(cursor, 'a key', MAX_KEY);
    if (metadata.has(key)) throw cursor.fault(`has the key ${shown(key)} twice`, at);
    const type = await cursor.uint32();
    if (key === ALIGNMENT_KEY) {
      alignment = await readAlignment(cursor, type);
      metadata.set(key, String(alignment));
    } else metadata.set(key, await readMetadataValue(cursor, type));
    cursor.spend(MAP_PLACE_BYTES + textBytes(key) + textBytes(metadata.get(key) as string));
  }
  return { metadata, alignment };
};

/** A tensor's description: `offset` counts from the start of the data, `at` is the offset of the description. */
interface Described {
  readonly name: string;
  readonly shape: readonly number[];
  readonly typeId: number;
  readonly offset: bigint;
  readonly at: number;
}

const readShape = async (cursor: GgufCursor, name: string, at: number): Promise<number[]> => {
  const rank = await cursor.uint32();
  if (rank > MAX_DIMENSIONS) {
    throw cursor.fault(
      `has tensor ${shown(name)} of ${rank} dimensions, above the limit of ${MAX_DIMENSIONS}`,
      at,
    );
  }
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const extent = await cursor.count();
    if (extent > Number.MAX_SAFE_INTEGER) {
      throw cursor.fault(`has tensor ${shown(name)} with an extent of ${extent}, beyond 2^53`, at);
    }
    // The fastest dimension comes first in the file and last in a row-major shape.
    shape.unshift(Number(extent));
  }
  return shape;
};

const readTensor = async (cursor: GgufCursor): Promise<Described> => {
  const at = cursor.at;
  const name = await readName(cursor, "a tensor's name", MAX_NAME);
  const shape = await readShape(cursor, name, at);
  const typeId = await cursor.uint32();
  return { name, shape, typeId, offset: await cursor.uint64(), at };
};

/** Bytes that a tensor of a known type takes. */
const byteLength = (cursor: GgufCursor, { name, shape, at }: Described, type: GgmlType): number => {
  const label = `tensor ${shown(name)} (${type.name} [${shape.join(', ')}])`;
  const bytes = ((elementCount(shape) ?? Number.NaN) / type.count) * type.bytes;
  const rowLength = shape.at(-1) ?? 1;
  if (rowLength % type.count !== 0) {
    throw cursor.fault(`has ${label} with rows that are not whole blocks of ${type.count}`, at);
  }
  if (!Number.isSafeInteger(bytes)) throw cursor.fault(`has ${label}, too large for any file`, at);
  return bytes;
};

const place = (cursor: GgufCursor, described: Described, start: number, size: number, alignment: number) => {
  const { name, shape, typeId, offset, at } = described;
  const type = GGML_TYPES.get(typeId);
  const bytes = type === undefined ? 0 : byteLength(cursor, described, type);
  if (offset % BigInt(alignment) !== 0n) {
    throw cursor.fault(
      `has tensor ${shown(name)} at offset ${offset}, not a multiple of the alignment ${alignment}`,
      at,
    );
  }
  if (BigInt(start) + offset + BigInt(bytes) > BigInt(size) && (bytes > 0 || type === undefined)) {
    const extent = type === undefined ? '' : ` of ${bytes} bytes`;
    const room = Math.max(size - start, 0);
    throw cursor.fault(
      `has tensor ${shown(name)}${extent} at offset ${offset}, beyond the ${room} bytes of data`,
      at,
    );
  }
  return { name, shape, typeId, type, begin: start + Number(offset), bytes, at };
};

/** Refuses tensors that share bytes, and extends those of unknown size up to the next one. */
const separate = (
  cursor: GgufCursor,
  tensors: readonly (GgufTensor & { at: number })[],
  size: number,
): GgufTensor[] => {
  const byPlace = tensors
    .filter(({ type, bytes }) => bytes > 0 || type === undefined)
    .sort((a, b) => a.begin - b.begin || a.bytes - b.bytes);
  const gaps = new Map<string, number>();
  byPlace.forEach((tensor, i) => {
    const next = byPlace[i + 1];
    if (next !== undefined && next.begin < tensor.begin + Math.max(tensor.bytes, 1)) {
      throw cursor.fault(`has tensor ${shown(next.name)} on bytes of tensor ${shown(tensor.name)}`, next.at);
    }
    if (tensor.type === undefined) gaps.set(tensor.name, (next?.begin ?? size) - tensor.begin);
  });
  return tensors.map(({ at: _, ...tensor }) => ({ ...tensor, bytes: gaps.get(tensor.name) ?? tensor.bytes }));
};

/**
 * Reads and checks the header of a GGUF file (versions 1 to 3, either byte order; ggml's docs/gguf.md): metadata as
 * short text, and tensors in row-major shape with their place in the file. Refuses what ggml's reader refuses:
 * duplicate names, rows that are not whole blocks, offsets off the alignment or out of the file; and tensors
 * that share bytes.
 */
export const readGgufHeader = async (
  source: ByteSource,
  allowance = new Allowance(),
): Promise<GgufHeader> => {
  const cursor = new GgufCursor(source, allowance);
  await readVersion(cursor);
  const width = cursor.wide ? 8 : 4;
  const countsAt = cursor.at;
  const tensorCount = await cursor.countOf('tensors', width + 16);
  limited(cursor, countsAt, tensorCount, MAX_TENSORS, 'tensors');
  const valueCount = await cursor.countOf('metadata values', width + 5);
  limited(cursor, countsAt + width, valueCount, MAX_VALUES, 'metadata values');
  const { metadata, alignment } = await readMetadata(cursor, valueCount);
  const described = new Map<string, Described>();
  for (let i = 0; i < tensorCount; i++) {
    const tensor = await readTensor(cursor);
    if (described.has(tensor.name)) throw cursor.fault(`has tensor ${shown(tensor.name)} twice`, tensor.at);
    cursor.spend(TENSOR_BYTES + textBytes(tensor.name));
    described.set(tensor.name, tensor);
  }
  const start = Math.ceil(cursor.at / alignment) * alignment;
  const placed = [...described.values()].map((tensor) =>
    place(cursor, tensor, start, source.size, alignment),
  );
  return { little: cursor.little, metadata, tensors: separate(cursor, placed, source.size) };
};

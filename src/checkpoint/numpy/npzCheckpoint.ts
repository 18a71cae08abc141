import { constants, createInflateRaw } from 'node:zlib';
import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import { blockSource } from '../bytes/blockSource.ts';
import { type ByteSource, memorySource } from '../bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../bytes/zip.ts';
import type { Checkpoint, CheckpointFormat, TensorEntry } from '../checkpoint.ts';
import type { ReadRange } from '../range.ts';
import { npyEntry, npyRange, readNpyTensor, readNpyTexts } from './npyCheckpoint.ts';
import { type LocatedArray, readNpyHeader } from './npySource.ts';
import { NPY_ENDING } from './npz.ts';

/** The first `length` bytes that `bytes` inflate to, or fewer; it stops there, so a zip bomb takes no memory. */
const inflateStart = async (bytes: Uint8Array, length: number, where: string): Promise<Uint8Array> => {
  const inflater = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  const parts: Uint8Array[] = [];
  let found = 0;
  try {
    inflater.end(bytes);
    for await (const part of inflater) {
      parts.push(part);
      found += part.length;
      if (found >= length) break;
    }
  } catch (error) {
    throw inputFault(
      `cannot be inflated (${(error as Error).message})`,
      where,
      'Save the arrays again',
      error,
    );
  }
  return Buffer.concat(parts).subarray(0, length);
};

/** Enough for the header of every array except structured ones. */
const USUAL_START = 512;

/** An entry's contents as a source that fetches only the beginning, with the header. */
const startOf = (source: ByteSource, entry: ZipEntry, begin: number): ByteSource => {
  const name = entry.where();
  let start: Uint8Array = new Uint8Array(0);
  const readDeflated = async (offset: number, length: number): Promise<Uint8Array> => {
    const end = offset + length;
    if (end > start.length) {
      const wanted = Math.max(end, Math.min(USUAL_START, entry.size));
      // A literal takes at most 15 bits; a block begins with its code table.
      const raw = await source.read(begin, Math.min(entry.compressedSize, 2 * wanted + 1024));
      start = await inflateStart(raw, wanted, name);
    }
    if (end <= start.length) return start.subarray(offset, end);
    throw inputFault(`is cut off after ${start.length} bytes`, name, 'Save the arrays again');
  };
  const readStored = (offset: number, length: number) => source.read(begin + offset, length);
  return { name, size: entry.size, read: entry.stored ? readStored : readDeflated, close: async () => {} };
};

interface Member {
  readonly entry: ZipEntry;
  readonly located: LocatedArray;
}

/** Total of all arrays' headers: a numeric one takes 128 bytes, so this allows half a million arrays. */
const MAX_HEADERS = 2 ** 26;
/** Memory of an array besides its name and shape. */
const MEMBER_BYTES = 5 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;

const readMembers = async (source: ByteSource, allowance: Allowance): Promise<Map<string, Member>> => {
  const members = new Map<string, Member>();
  const blocks = blockSource(source);
  let headers = 0;
  for (const entry of (await openZip(source, allowance)).values()) {
    // Other files in the archive are not arrays.
    if (!entry.name.endsWith(NPY_ENDING)) continue;
    const where = entry.where();
    const refuse = (what: string) => inputFault(what, where, 'Save the arrays again');
    // The header of the array follows that of the archive entry: one read fetches both.
    const located = await readNpyHeader(startOf(blocks, entry, await entry.begin(blocks)));
    headers += located.dataStart;
    if (headers > MAX_HEADERS)
      throw refuse(`has, with the arrays before it, more than ${MAX_HEADERS} bytes of headers`);
    const { descr, shape } = located.header;
    allowance.spend(MEMBER_BYTES + textBytes(entry.name) + textBytes(descr) + 8 * shape.length, refuse);
    members.set(entry.name.slice(0, -NPY_ENDING.length), { entry, located });
  }
  return members;
};

/** An array in parts; a compressed one is read from its beginning. */
const rangeOf = ({ entry, located }: Member): ReadRange | null => {
  let parts: ReturnType<ZipEntry['parts']> | undefined;
  const read = async (offset: number, length: number) => {
    parts ??= entry.parts();
    return (await parts).read(offset, length);
  };
  const range = npyRange({ name: entry.where(), read }, located);
  return range === null || entry.stored ? range : Object.assign(range, { inOrder: true as const });
};

const open = async (source: ByteSource, allowance = new Allowance()): Promise<Checkpoint> => {
  try {
    const members = await readMembers(source, allowance);
    return {
      path: source.name,
      format: NPZ.name,
      metadata: new Map(),
      tensors: new Map(
        [...members].map(([name, { entry, located }]): [string, TensorEntry] => [
          name,
          {
            ...npyEntry(name, located, entry.compressedSize),
            ...(entry.stored ? {} : { inflated: entry.size }),
          },
        ]),
      ),
      read: async (name) => {
        const member = members.get(name);
        if (member === undefined) {
          throw inputFault(`has no tensor ${shown(name)}`, source.name, 'Use one of its tensors');
        }
        const where = member.entry.where();
        const { element } = member.located.header;
        if (element.kind === 'opaque') throw inputFault(element.reason, element.where, element.remedy);
        return readNpyTensor(memorySource(await member.entry.read(), where), member.located);
      },
      ranges: (name) => {
        const member = members.get(name);
        return member === undefined ? null : rangeOf(member);
      },
      texts: async (name) => {
        const member = members.get(name);
        if (member === undefined) return null;
        const { entry, located } = member;
        const { kind } = located.header.element;
        if (kind === 'number' || kind === 'opaque') return null;
        return readNpyTexts(memorySource(await entry.read(), entry.where()), located);
      },
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** Whether the first local header of a zip archive names an array. */
const beginsWithArray = (head: Uint8Array): boolean => {
  const text = Buffer.from(head).toString('latin1');
  if (!text.startsWith('PK\x03\x04') || head.length < 30) return false;
  const length = head[26] + 256 * head[27];
  return text.slice(30, 30 + length).endsWith(NPY_ENDING);
};

/** A `.npz` file: a zip archive of arrays, each read separately. */
export const NPZ: CheckpointFormat = {
  name: 'NumPy archive',
  isMine: beginsWithArray,
  open: (source, _, allowance) => open(source, allowance),
};

import { inputFault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';

/** A file in a tar archive: its contents are bytes [begin, end) of the archive. */
export interface TarMember {
  readonly begin: number;
  readonly end: number;
}

const BLOCK = 512;
/** Far more than the four of a real file. */
const MAX_MEMBERS = 1000;
const REMEDY = 'The file is cut off or damaged: fetch or save it again';

const text = (header: Uint8Array, begin: number, length: number): string => {
  const field = Buffer.from(header.subarray(begin, begin + length)).toString('latin1');
  return field.split('\0', 1)[0].trim();
};

/** Name and size of the member that a header block describes; null if the block is not a header. */
export const tarHeader = (header: Uint8Array): { name: string; size: number } | null => {
  const size = text(header, 124, 12);
  const sum = text(header, 148, 8);
  if (header.length < BLOCK || !/^[0-7]+$/.test(size) || !/^[0-7]+$/.test(sum)) return null;
  // The checksum counts its own field as spaces.
  const counted = header
    .subarray(0, BLOCK)
    .reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (counted !== Number.parseInt(sum, 8)) return null;
  return { name: text(header, 0, 100), size: Number.parseInt(size, 8) };
};

/** The members of a tar archive by name; only the headers are read. Source: POSIX.1-1988 (ustar). */
export const readTarMembers = async (source: ByteSource): Promise<ReadonlyMap<string, TarMember>> => {
  const members = new Map<string, TarMember>();
  for (let at = 0; at + BLOCK <= source.size; ) {
    const block = await source.read(at, BLOCK);
    // Blocks of zeros end the archive.
    if (block.every((byte) => byte === 0)) break;
    const header = tarHeader(block);
    const where = `${source.name}, byte ${at}`;
    if (header === null) throw inputFault('has no valid tar header', where, REMEDY);
    const begin = at + BLOCK;
    if (header.size > source.size - begin) {
      const what = `has a member of ${header.size} bytes where ${source.size - begin} are left`;
      throw inputFault(what, where, REMEDY);
    }
    if (members.size >= MAX_MEMBERS) throw inputFault(`has more than ${MAX_MEMBERS} members`, where, REMEDY);
    members.set(header.name.replace(/^\.\//, ''), { begin, end: begin + header.size });
    at = begin + Math.ceil(header.size / BLOCK) * BLOCK;
  }
  return members;
};

import { deflateRawSync } from 'node:zlib';
import { memorySource } from '../../src/checkpoint/bytes/byteSource.ts';
import { crc32 } from '../../src/checkpoint/bytes/crc32.ts';
import { openZip } from '../../src/checkpoint/bytes/zip.ts';
import { mutate } from './mutations.ts';
import { oneOf, type Random } from './random.ts';

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stored: boolean;
}

/** A member of a zip archive. */
export const membersOf = async (archive: Uint8Array): Promise<Member[]> => {
  const entries = [...(await openZip(memorySource(archive))).values()];
  return Promise.all(entries.map(async (entry) => ({ ...entry, bytes: await entry.read() })));
};

/** The fields that the local and the central header of a member share, without their signature. */
const description = ({ name, bytes, stored }: Member, packed: Uint8Array): Buffer => {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x800, 2); // Names are UTF-8.
  fields.writeUInt16LE(stored ? 0 : 8, 4);
  fields.writeUInt16LE(0x21, 8); // 1980-01-01
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
};

/** A valid archive of the members, with correct checksums. */
export const zipOf = (members: readonly Member[]): Uint8Array => {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const packed = member.stored ? member.bytes : deflateRawSync(member.bytes);
    const fields = description(member, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, rest, name);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed);
    offset += 4 + fields.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
};

/** Members that describe others: their mutations reach more code than those of a tensor's values. */
const DESCRIBES = /\.(?:pkl|json|npy|h5)$|\/(?:version|byteorder)$/;

/**
 * An archive with one member mutated, removed, doubled or renamed to another, and with correct checksums: damage to
 * the archive itself is refused by its checksums, before its contents are read.
 */
export const mutateMember = (members: readonly Member[], random: Random): Uint8Array => {
  const describing = members.filter(({ name }) => DESCRIBES.test(name));
  const member = oneOf(random(3) > 0 && describing.length > 0 ? describing : members, random);
  const other = oneOf(members, random);
  const replaced = (by: readonly Member[]) =>
    zipOf(members.flatMap((each) => (each === member ? by : [each])));
  const kind = random(12);
  if (kind === 0) return replaced([]);
  if (kind === 1) return replaced([member, member]);
  if (kind === 2) return replaced([{ ...member, name: other.name }]);
  const bytes = member.bytes.length > 0 ? mutate(member.bytes, random, other.bytes) : other.bytes;
  return replaced([{ ...member, bytes }]);
};

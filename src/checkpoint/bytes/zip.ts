import type { Readable } from 'node:stream';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from './allowance.ts';
import type { ByteSource } from './byteSource.ts';
import { readAhead } from './readAhead.ts';
import { CUT_SHORT, isCutShort } from './zipEnd.ts';
import { damaged, REMEDY, ZipEntry } from './zipEntry.ts';

export type { ZipEntry } from './zipEntry.ts';

type ZipEntries = ReadonlyMap<string, ZipEntry>;

/** DEFLATE yields at most 258 bytes for two bits and a little; 1032 is zlib's own bound on the ratio. */
const MAX_RATIO = 1032;

/** A record of the central directory takes at least this many bytes. */
const MIN_RECORD = 46;

/** Far more than any checkpoint has, and few enough to keep in memory. */
const MAX_ENTRIES = 200_000;
/** Memory of an entry besides its name. */
const ENTRY_BYTES = 1.5 * OBJECT_BYTES + MAP_PLACE_BYTES;

type Answer = (error: Error | null, bytesRead?: number) => void;

/** A byte source in the form that the zip library needs: bytes past the end do not exist. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  async #fetch(length: number, position: number): Promise<Uint8Array> {
    const left = this.#source.size - position;
    return left > 0 ? this.#source.read(position, Math.min(length, left)) : new Uint8Array(0);
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, answer: Answer): void {
    this.#fetch(length, position).then((bytes) => {
      buffer.set(bytes, offset);
      answer(null, bytes.length);
    }, answer);
  }

  override _readStreamForRange(): Readable {
    throw new Error('entries are read by range, not as streams');
  }
}

/**
 * The name as written. Nothing is unpacked here, so a name that leads to another folder, `../x`, is harmless: the
 * library, asked to decode names, would refuse the whole archive because of it.
 */
const nameOf = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string =>
  getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);

/** Refuses an entry whose claims are impossible for the bytes that the file has for it. */
const checkClaim = (entry: Entry, fileSize: number, where: () => string): void => {
  const { compressionMethod, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader } = entry;
  if (entry.isEncrypted()) throw inputFault('is encrypted', where(), 'Save the file without a password');
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw inputFault(`is compressed by method ${compressionMethod}, not stored or deflated`, where(), REMEDY);
  }
  if (!(relativeOffsetOfLocalHeader + compressedSize <= fileSize)) {
    const range = `bytes ${relativeOffsetOfLocalHeader} to ${relativeOffsetOfLocalHeader + compressedSize}`;
    throw inputFault(`claims ${range} of a file of ${fileSize}`, where(), REMEDY);
  }
  const isPossible =
    compressionMethod === 0
      ? uncompressedSize === compressedSize
      : uncompressedSize <= compressedSize * MAX_RATIO + 64;
  if (!isPossible) {
    const sizes = `from ${compressedSize} to ${uncompressedSize} bytes`;
    throw inputFault(`claims to inflate ${sizes}, which deflate cannot do`, where(), REMEDY);
  }
};

interface Directory {
  readonly entries: ZipEntries;
  /** Memory that the directory takes. */
  readonly bytes: number;
}

const readEntries = async (source: ByteSource, zip: ZipFile): Promise<Directory> => {
  const entries = new Map<string, ZipEntry>();
  const allowance = new Allowance();
  let claimed = 0;
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const where = () => `${source.name}, entry ${shown(name)}`;
    checkClaim(entry, source.size, where);
    claimed += entry.compressedSize;
    if (claimed > source.size) {
      throw inputFault('overlaps other entries: together they are longer than the file', where(), REMEDY);
    }
    if (entries.has(name)) throw inputFault('occurs twice', where(), REMEDY);
    const entryBytes = ENTRY_BYTES + textBytes(name);
    allowance.spend(entryBytes, (what) => inputFault(what, where(), REMEDY));
    bytes += entryBytes;
    entries.set(name, new ZipEntry(source, name, entry));
  }
  return { entries, bytes };
};

const readDirectory = async (source: ByteSource): Promise<Directory> => {
  try {
    const options = { autoClose: false, decodeStrings: false };
    const reader = new SourceReader(readAhead(source));
    const zip = await fromRandomAccessReaderPromise(reader, source.size, options);
    if (zip.entryCount * MIN_RECORD > source.size || zip.entryCount > MAX_ENTRIES) {
      throw inputFault(`claims ${zip.entryCount} entries in ${source.size} bytes`, source.name, REMEDY);
    }
    return await readEntries(source, zip);
  } catch (error) {
    if (await isCutShort(source)) throw inputFault(CUT_SHORT.what, source.name, CUT_SHORT.remedy, error);
    throw damaged(source.name, error);
  }
};

/** Several formats are zip archives and each asks what is in a file: the directory is read only once. */
const directories = new WeakMap<ByteSource, Promise<Directory>>();

/**
 * The members of a zip archive (zip64 too) by name as written, in the order of its central directory, which is all that
 * is read; the caller closes the source. Refused: entries that claim more than their bytes can inflate to, more than
 * the file has, or together more than the file has; duplicate names, encryption, and methods other than deflate.
 */
export const openZip = async (source: ByteSource, allowance = new Allowance()): Promise<ZipEntries> => {
  const reading = directories.get(source) ?? readDirectory(source);
  directories.set(source, reading);
  const { entries, bytes } = await reading;
  allowance.spend(bytes, (what) => inputFault(what, source.name, REMEDY));
  return entries;
};

import { constants } from 'node:buffer';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { Fault, inputFault } from '../../protocol/index.ts';
import { shown } from '../shown.ts';
import type { ByteSource } from './byteSource.ts';
import { crc32 } from './crc32.ts';
import { readAhead } from './readAhead.ts';

/** One member of a zip archive, as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of its contents. */
  readonly size: number;
  readonly compressedSize: number;
  /** Its contents lie in the file as they are. */
  readonly stored: boolean;
  /** Offset in the file of its data (of its contents, where stored): read from the local header. */
  begin(): Promise<number>;
  /** All of its contents, inflated, checked against its size and checksum. */
  read(): Promise<Uint8Array>;
}

const REMEDY = 'The file is damaged or not a zip archive: fetch or save it again';

/** DEFLATE yields at most 258 bytes for two bits and a little; 1032 is zlib's own bound on the ratio. */
const MAX_RATIO = 1032;

/** A record of the central directory takes at least this many bytes. */
const MIN_RECORD = 46;

/** Far above any checkpoint's, and few enough to keep in memory. */
const MAX_ENTRIES = 200_000;

const inflate = promisify(inflateRaw);

const damaged = (where: string, error: unknown): Fault => {
  if (error instanceof Fault) return error;
  const reason = (error as Error).message.replace(/\.$/, '').replace(/[^\x20-\x7e]/g, '?');
  return inputFault(`is not a sound zip archive (${reason.slice(0, 200)})`, where, REMEDY, error);
};

type Answer = (error: Error | null, bytesRead?: number) => void;

/** A byte source as the zip library asks for it: what lies behind the end is not there. */
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

/** Refuses what an entry claims when the bytes that the file has for it cannot be that. */
const checkClaim = (entry: Entry, fileSize: number, where: string): void => {
  const { compressionMethod, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader } = entry;
  if (entry.isEncrypted()) throw inputFault('is encrypted', where, 'Save the file without a password');
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw inputFault(`is compressed by method ${compressionMethod}, not stored or deflated`, where, REMEDY);
  }
  if (!(relativeOffsetOfLocalHeader + compressedSize <= fileSize)) {
    const range = `bytes ${relativeOffsetOfLocalHeader} to ${relativeOffsetOfLocalHeader + compressedSize}`;
    throw inputFault(`claims ${range} of a file of ${fileSize}`, where, REMEDY);
  }
  const isPossible =
    compressionMethod === 0
      ? uncompressedSize === compressedSize
      : uncompressedSize <= compressedSize * MAX_RATIO + 64;
  if (!isPossible) {
    const sizes = `from ${compressedSize} to ${uncompressedSize} bytes`;
    throw inputFault(`claims to inflate ${sizes}, which deflate cannot do`, where, REMEDY);
  }
};

/** The contents of a deflated entry; the inflater stops at the claimed size, so a bomb takes no more memory. */
const inflateEntry = async (bytes: Uint8Array, entry: Entry, where: string): Promise<Uint8Array> => {
  const size = entry.uncompressedSize;
  const found = await inflate(bytes, { maxOutputLength: Math.max(1, size) }).catch((error: unknown) => {
    const isLonger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (!isLonger) throw damaged(where, error);
    throw inputFault(`inflates to more than the ${size} bytes that it claims`, where, REMEDY);
  });
  if (found.length !== size) {
    throw inputFault(`inflates to ${found.length} bytes where it claims ${size}`, where, REMEDY);
  }
  return found;
};

const readEntry = async (source: ByteSource, entry: Entry, begin: number, where: string) => {
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > constants.MAX_LENGTH) {
    const what = `takes ${uncompressedSize} bytes, more than fits in one buffer`;
    throw inputFault(what, where, 'Split it into smaller ones');
  }
  const raw = await source.read(begin, compressedSize);
  const bytes = entry.compressionMethod === 0 ? raw : await inflateEntry(raw, entry, where);
  if (crc32(bytes) !== entry.crc32) throw inputFault('does not match its checksum', where, REMEDY);
  return bytes;
};

const entryOf = (source: ByteSource, zip: ZipFile, entry: Entry, where: string): ZipEntry => {
  const begin = async (): Promise<number> => {
    try {
      return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
    } catch (error) {
      throw damaged(where, error);
    }
  };
  return {
    name: entry.fileName,
    size: entry.uncompressedSize,
    compressedSize: entry.compressedSize,
    stored: entry.compressionMethod === 0,
    begin,
    read: async () => readEntry(source, entry, await begin(), where),
  };
};

/**
 * The members of a zip archive (zip64 too) by name, in the order of its central directory, which is all that is read;
 * the source stays the caller's to close. Refused: entries that claim more than their bytes can inflate to, more
 * than the file has, together more than the file has, a name twice, encryption, other methods than deflate.
 */
export const openZip = async (source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> => {
  const entries = new Map<string, ZipEntry>();
  try {
    const options = { autoClose: false, strictFileNames: true };
    const zip = await fromRandomAccessReaderPromise(
      new SourceReader(readAhead(source)),
      source.size,
      options,
    );
    if (zip.entryCount * MIN_RECORD > source.size || zip.entryCount > MAX_ENTRIES) {
      throw inputFault(`claims ${zip.entryCount} entries in ${source.size} bytes`, source.name, REMEDY);
    }
    let claimed = 0;
    for await (const entry of zip.eachEntry()) {
      const where = `${source.name}, entry ${shown(entry.fileName)}`;
      checkClaim(entry, source.size, where);
      claimed += entry.compressedSize;
      if (claimed > source.size) {
        throw inputFault('overlaps other entries: together they are longer than the file', where, REMEDY);
      }
      if (entries.has(entry.fileName)) throw inputFault('is there twice', where, REMEDY);
      entries.set(entry.fileName, entryOf(source, zip, entry, where));
    }
  } catch (error) {
    throw damaged(source.name, error);
  }
  return entries;
};

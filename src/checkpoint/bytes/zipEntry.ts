import { constants } from 'node:buffer';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Entry } from 'yauzl';
import { Fault, inputFault, shown } from '../../protocol/index.ts';
import { type ByteSource, memorySource } from './byteSource.ts';
import { crc32 } from './crc32.ts';
import { InflatedParts } from './inflatedParts.ts';

export const REMEDY = 'The file is damaged or not a zip archive: fetch or save it again';

/** A local header without the name and the extra fields that follow it, and its signature. */
const LOCAL_HEADER = 30;
const SIGNATURE = 0x04034b50;

/** The largest part that is inflated at once; smaller contents are not copied. */
const MAX_PART = 2 ** 26;
/** Bytes that are checked at a time. */
const WINDOW = 2 ** 16;

const inflate = promisify(inflateRaw);

export const damaged = (where: string, error: unknown): Fault => {
  if (error instanceof Fault) return error;
  const reason = (error as Error).message.replace(/\.$/, '').replace(/[^\x20-\x7e]/g, '?');
  return inputFault(`is not a valid zip archive (${reason.slice(0, 200)})`, where, REMEDY, error);
};

/**
 * One member of a zip archive, as the central directory describes it. There may be many, so it keeps no more
 * than that.
 */
export class ZipEntry {
  /** Bytes of its contents. */
  readonly size: number;
  readonly compressedSize: number;
  /** Its contents are stored uncompressed. */
  readonly stored: boolean;
  readonly #source: ByteSource;
  readonly #header: number;
  readonly #checksum: number;

  constructor(
    source: ByteSource,
    readonly name: string,
    entry: Entry,
  ) {
    this.#source = source;
    this.#header = entry.relativeOffsetOfLocalHeader;
    this.#checksum = entry.crc32;
    this.size = entry.uncompressedSize;
    this.compressedSize = entry.compressedSize;
    this.stored = entry.compressionMethod === 0;
  }

  /** Its name in faults. */
  where(): string {
    return `${this.#source.name}, entry ${shown(this.name)}`;
  }

  /**
   * Offset in the file of its data (its contents, if stored) according to its local header, which is read from `from`:
   * for callers that continue reading there.
   */
  async begin(from = this.#source): Promise<number> {
    const unsound = (reason: string) => damaged(this.where(), new Error(reason));
    if (this.#header + LOCAL_HEADER > from.size) throw unsound('unexpected EOF');
    const { buffer, byteOffset } = await from.read(this.#header, LOCAL_HEADER);
    const header = new DataView(buffer, byteOffset, LOCAL_HEADER);
    const signature = header.getUint32(0, true);
    if (signature !== SIGNATURE) {
      throw unsound(`invalid local file header signature: 0x${signature.toString(16)}`);
    }
    const begin = this.#header + LOCAL_HEADER + header.getUint16(26, true) + header.getUint16(28, true);
    if (begin + this.compressedSize > from.size) {
      throw unsound(`file data overflows file bounds: ${begin} + ${this.compressedSize} > ${from.size}`);
    }
    return begin;
  }

  /** All of its contents, inflated, checked against their size and checksum. */
  async read(): Promise<Uint8Array> {
    const where = this.where();
    const begin = await this.begin();
    if (this.size > constants.MAX_LENGTH) {
      const what = `takes ${this.size} bytes, more than fits in one buffer`;
      throw inputFault(what, where, 'Split it into smaller ones');
    }
    const raw = await this.#source.read(begin, this.compressedSize);
    const bytes = this.stored ? raw : await inflateAll(raw, this.size, where);
    this.#check(crc32(bytes));
    return bytes;
  }

  /**
   * Its contents, checked against their checksum: a range of the file if they are stored, so that they need no memory;
   * else inflated, if they are at most `mostInflated` bytes.
   */
  async contents(mostInflated: number): Promise<ByteSource> {
    const name = this.where();
    if (!this.stored) {
      if (this.size <= mostInflated) return memorySource(await this.read(), name);
      const what = `is compressed and takes ${this.size} bytes, above the limit of ${mostInflated} for inflating it`;
      throw inputFault(what, name, 'Save the file again without compression');
    }
    const begin = await this.begin();
    const source = this.#source;
    let checksum = 0;
    for (let at = 0; at < this.size; at += WINDOW) {
      checksum = crc32(await source.read(begin + at, Math.min(WINDOW, this.size - at)), checksum);
    }
    this.#check(checksum);
    const read = (offset: number, length: number) => source.read(begin + offset, length);
    return { name, size: this.size, read, close: async () => {} };
  }

  /**
   * Its contents for reading part by part, never all at once in memory: a range of the file, checked, if they are
   * stored; else inflated while reading, and checked when the last part is read.
   */
  async parts(): Promise<Pick<ByteSource, 'name' | 'read'>> {
    if (this.stored) return this.contents(0);
    const name = this.where();
    const parts = new InflatedParts({
      source: this.#source,
      begin: await this.begin(),
      compressedSize: this.compressedSize,
      size: this.size,
      checksum: this.#checksum,
      refuse: (what, cause) => inputFault(what, name, REMEDY, cause),
    });
    return { name, read: (offset, length) => parts.read(offset, length) };
  }

  #check(checksum: number): void {
    if (checksum !== this.#checksum) throw inputFault('does not match its checksum', this.where(), REMEDY);
  }
}

/** What a deflated entry inflates to; the inflater stops at the claimed size, so a zip bomb takes no more memory. */
const inflateAll = async (raw: Uint8Array, size: number, where: string): Promise<Uint8Array> => {
  const options = {
    maxOutputLength: Math.max(1, size),
    chunkSize: Math.min(Math.max(64, size + 1), MAX_PART),
  };
  const found = await inflate(raw, options).catch((error: unknown) => {
    const isLonger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (!isLonger) throw damaged(where, error);
    throw inputFault(`inflates to more than the ${size} bytes that it claims`, where, REMEDY);
  });
  if (found.length !== size) {
    throw inputFault(`inflates to ${found.length} bytes where it claims ${size}`, where, REMEDY);
  }
  return found;
};

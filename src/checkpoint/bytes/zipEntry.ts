import { constants } from 'node:buffer';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Entry } from 'yauzl';
import { Fault, inputFault, shown } from '../../protocol/index.ts';
import { type ByteSource, memorySource } from './byteSource.ts';
import { crc32 } from './crc32.ts';
import { InflatedParts } from './inflatedParts.ts';

export const REMEDY = 'The file is damaged or not a zip archive: fetch or save it again';

/** A local header without the name and the extra fields that follow it, and what it begins with. */
const LOCAL_HEADER = 30;
const SIGNATURE = 0x04034b50;

/** The largest part that is inflated at once; of what is below no second copy is made. */
const MAX_PART = 2 ** 26;
/** What is checked at once. */
const WINDOW = 2 ** 16;

const inflate = promisify(inflateRaw);

export const damaged = (where: string, error: unknown): Fault => {
  if (error instanceof Fault) return error;
  const reason = (error as Error).message.replace(/\.$/, '').replace(/[^\x20-\x7e]/g, '?');
  return inputFault(`is not a sound zip archive (${reason.slice(0, 200)})`, where, REMEDY, error);
};

/** One member of a zip archive, as the central directory describes it. There may be many: it keeps no more than that. */
export class ZipEntry {
  /** Bytes of its contents. */
  readonly size: number;
  readonly compressedSize: number;
  /** Its contents lie in the file as they are. */
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

  /** What faults call it. */
  where(): string {
    return `${this.#source.name}, entry ${shown(this.name)}`;
  }

  /**
   * Offset in the file of its data (of its contents, where stored), by its local header, which is all that is read: of
   * `from`, for those who read on from there.
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

  /** All of its contents, inflated, checked against its size and checksum. */
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
   * Its contents, checked against its checksum: where they lie, if they are stored, so that they need not be in memory;
   * else inflated, if they are not more than `mostInflated` bytes.
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
   * Its contents for reading one part after the other, never all at once in memory: where they lie, if they are stored, and
   * checked; else inflated on the way, and checked when the last part is read.
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

/** What a deflated entry inflates to; the inflater stops at the claimed size, so a bomb takes no more memory. */
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

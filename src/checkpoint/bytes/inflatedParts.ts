import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { ByteSource } from './byteSource.ts';
import { crc32 } from './crc32.ts';

/** Compressed bytes per read, and inflated bytes per piece. */
const PIECE = 2 ** 20;

/** A deflated range of a file, and what it must inflate to. */
export interface Deflated {
  readonly source: ByteSource;
  readonly begin: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly checksum: number;
  /** Makes the fault for data that does not inflate to that. */
  readonly refuse: (what: string, cause?: unknown) => Error;
}

async function* compressedPieces({ source, begin, compressedSize }: Deflated): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < compressedSize; at += PIECE) {
    yield await source.read(begin + at, Math.min(PIECE, compressedSize - at));
  }
}

async function* inflatedPieces(deflated: Deflated): AsyncGenerator<Uint8Array> {
  const { size, checksum, refuse } = deflated;
  const compressed = Readable.from(compressedPieces(deflated), { objectMode: false });
  const inflater = createInflateRaw({ chunkSize: PIECE });
  compressed.on('error', (error) => inflater.destroy(error));
  let found = 0;
  let sum = 0;
  try {
    for await (const piece of compressed.pipe(inflater) as AsyncIterable<Uint8Array>) {
      found += piece.length;
      if (found > size) throw refuse(`inflates to more than the ${size} bytes that it claims`);
      sum = crc32(piece, sum);
      yield piece;
    }
  } finally {
    compressed.destroy();
    inflater.destroy();
  }
  if (found !== size) throw refuse(`inflates to ${found} bytes where it claims ${size}`);
  if (sum !== checksum) throw refuse('does not match its checksum');
}

/**
 * The inflated contents of a deflated range, read in consecutive parts: a few pieces are in memory at a time. Reading
 * backwards restarts from the beginning. Its size and checksum are checked when its last byte is read.
 */
export class InflatedParts {
  private pieces: AsyncGenerator<Uint8Array> | undefined;
  private rest: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(private readonly deflated: Deflated) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.at || this.pieces === undefined) await this.restart();
    await this.take(offset - this.at, () => {});
    const bytes = new Uint8Array(length);
    let filled = 0;
    await this.take(length, (piece) => {
      bytes.set(piece, filled);
      filled += piece.length;
    });
    // The checks are made at the end.
    if (this.at === this.deflated.size) await this.next();
    return bytes;
  }

  private async restart(): Promise<void> {
    await this.pieces?.return(undefined);
    this.pieces = inflatedPieces(this.deflated);
    this.rest = new Uint8Array(0);
    this.at = 0;
  }

  private async next(): Promise<Uint8Array | null> {
    const { refuse } = this.deflated;
    try {
      const { value, done } = await this.pieces!.next();
      return done ? null : value;
    } catch (error) {
      this.pieces = undefined;
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
        throw refuse(`cannot be inflated (${(error as Error).message})`, error);
      }
      throw error;
    }
  }

  private async take(length: number, use: (piece: Uint8Array) => void): Promise<void> {
    for (let left = length; left > 0; ) {
      if (this.rest.length === 0) {
        const piece = await this.next();
        if (piece === null) throw this.deflated.refuse(`is cut off after ${this.at} bytes`);
        this.rest = piece;
      }
      const part = this.rest.subarray(0, left);
      use(part);
      this.rest = this.rest.subarray(part.length);
      this.at += part.length;
      left -= part.length;
    }
  }
}

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { inputFault, tooLarge } from '../protocol/messages.ts';

/** How much of a file is read, and how a fault names it. */
export interface Bound {
  /** Bytes. */
  readonly limit: number;
  /** Name of the file in messages. */
  readonly place: string;
  /** What the user can do if it is too large or not a file. */
  readonly remedy: string;
}

const PIECE = 1024 ** 2;
/** Without this, opening a pipe would wait until it has a writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file of at most `limit` bytes: devices, pipes and folders are refused, because they have no size to stop at.
 */
const opened = async <T>(
  path: string,
  { limit, place, remedy }: Bound,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> => {
  const file = await open(path, READ);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw inputFault('is a folder, not a file', place, remedy);
    if (!stats.isFile()) throw inputFault('is not a file', place, remedy);
    if (stats.size > limit) throw tooLarge(stats.size, limit, place, remedy);
    return await use(file, stats.size);
  } finally {
    await file.close();
  }
};

/**
 * Passes on the bytes of a file piece by piece; a piece is valid until the next one. Throws an input fault if it is
 * larger than the limit, even if it only grows meanwhile, or is not a file; system errors are passed through.
 */
export const readPieces = (path: string, bound: Bound, take: (piece: Uint8Array) => void): Promise<void> =>
  opened(path, bound, async (file, size) => {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, size + 1));
    for (let total = 0; ; ) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return;
      total += bytesRead;
      if (total > bound.limit) throw tooLarge(total, bound.limit, bound.place, bound.remedy);
      take(piece.subarray(0, bytesRead));
    }
  });

/** The text of a file, in UTF-8. Throws like `readPieces`. */
export const readBounded = async (path: string, bound: Bound): Promise<string> => {
  const pieces: Uint8Array[] = [];
  await readPieces(path, bound, (piece) => pieces.push(Buffer.from(piece)));
  // Decoded at once: piece by piece, Node takes three times as long.
  return new TextDecoder().decode(Buffer.concat(pieces));
};

/** The last `length` bytes of a file, or all if it is shorter. Throws like `readPieces`. */
export const readEnd = (path: string, bound: Bound, length: number): Promise<Uint8Array> =>
  opened(path, bound, async (file, size) => {
    const end = Buffer.alloc(Math.min(length, size));
    const { bytesRead } = await file.read(end, 0, end.length, size - end.length);
    return end.subarray(0, bytesRead);
  });

import { constants } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ZipFile as ZipWriter } from 'yazl';
import { Fault, inputFault } from '../protocol/index.ts';
import { openFault } from './byteSource.ts';
import { crc32 } from './crc32.ts';
import { decodeNpy, type NpyArray, npyParts } from './npy.ts';

const REMEDY = 'Save the arrays again with numpy.savez';

/** DEFLATE yields at most 258 bytes for two bits and a little; 1032 is zlib's own bound on the ratio. */
const MAX_RATIO = 1032;

const damaged = (path: string, error: unknown): Fault =>
  error instanceof Fault
    ? error
    : inputFault(
        `is not a sound .npz file (${(error as Error).message.replace(/\.$/, '')})`,
        path,
        REMEDY,
        error,
      );

const openZip = async (path: string): Promise<ZipFile> => {
  try {
    return await openPromise(path, { autoClose: false, strictFileNames: true });
  } catch (error) {
    const isSystemError = (error as NodeJS.ErrnoException).syscall !== undefined;
    throw isSystemError ? openFault(path, error) : damaged(path, error);
  }
};

/** Refuses what an entry claims when the bytes that the file has for it cannot inflate to that. */
const checkClaim = (entry: Entry, where: string): void => {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw inputFault('is encrypted', where, REMEDY);
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw inputFault(`is compressed by method ${compressionMethod}, not stored or deflated`, where, REMEDY);
  }
  if (uncompressedSize > compressedSize * MAX_RATIO + 64) {
    throw inputFault(
      `claims to inflate from ${compressedSize} to ${uncompressedSize} bytes, which deflate cannot do`,
      where,
      REMEDY,
    );
  }
  if (uncompressedSize > constants.MAX_LENGTH) {
    throw inputFault(
      `takes ${uncompressedSize} bytes, more than fits in one buffer`,
      where,
      'Split the array',
    );
  }
};

const readEntry = async (zip: ZipFile, entry: Entry, where: string): Promise<Uint8Array> => {
  const bytes = new Uint8Array(entry.uncompressedSize);
  let filled = 0;
  // yauzl ends the stream with an error as soon as it is longer or shorter than the entry says.
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytes.set(chunk as Uint8Array, filled);
    filled += (chunk as Uint8Array).length;
  }
  if (crc32(bytes) !== entry.crc32) throw inputFault('does not match its checksum', where, REMEDY);
  return bytes;
};

/**
 * Reads every array of a `.npz` file (stored or deflated, zip64 or not), by name, without the `.npy` ending. Sizes
 * come from the central directory, since `numpy.savez` streams and leaves them out of the local headers. An entry
 * that claims more than its bytes can inflate to, entries that together claim more bytes than the file has, a wrong
 * checksum, or anything that is not an array is refused.
 */
export const readNpz = async (path: string): Promise<Map<string, NpyArray>> => {
  const zip = await openZip(path);
  const arrays = new Map<string, NpyArray>();
  try {
    let claimed = 0;
    for await (const entry of zip.eachEntry()) {
      const where = `${path}, entry ${JSON.stringify(entry.fileName)}`;
      if (!entry.fileName.endsWith('.npy')) throw inputFault('is not an .npy array', where, REMEDY);
      checkClaim(entry, where);
      claimed += entry.compressedSize;
      if (claimed > zip.fileSize) {
        throw inputFault('overlaps other entries: together they are longer than the file', where, REMEDY);
      }
      const name = entry.fileName.slice(0, -'.npy'.length);
      if (arrays.has(name)) throw inputFault('is there twice', where, REMEDY);
      const bytes = await readEntry(zip, entry, where).catch((error: unknown) => {
        throw damaged(where, error);
      });
      arrays.set(name, await decodeNpy(bytes, where));
    }
  } catch (error) {
    throw damaged(path, error);
  } finally {
    zip.close();
  }
  return arrays;
};

/** The time stamp of every entry (zip keeps local time), so that the same arrays give the same bytes. */
const EPOCH = new Date(1980, 0, 1);
const CHUNK = 2 ** 26;

function* chunks(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK) yield part.subarray(at, at + CHUNK);
  }
}

/** A `.npz` file (stored, as `numpy.savez` writes it) as a stream; arrays are encoded when their turn comes. */
export const npzStream = (arrays: ReadonlyMap<string, NpyArray>): Readable => {
  const zip = new ZipWriter();
  for (const [name, array] of arrays) {
    zip.addReadStreamLazy(
      `${name}.npy`,
      { mtime: EPOCH, forceDosTimestamp: true, compress: false },
      (deliver) => deliver(null, Readable.from(chunks(npyParts(array)), { objectMode: false })),
    );
  }
  zip.end();
  return zip.outputStream as Readable;
};

export const encodeNpz = (arrays: ReadonlyMap<string, NpyArray>): Promise<Uint8Array> =>
  buffer(npzStream(arrays));

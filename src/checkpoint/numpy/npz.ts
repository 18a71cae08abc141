import { Readable } from 'node:stream';
import { ZipFile as ZipWriter } from 'yazl';
import { inputFault, shown } from '../../protocol/index.ts';
import { fileSource } from '../bytes/byteSource.ts';
import { openZip } from '../bytes/zip.ts';
import { decodeNpy, type NpyArray, type NpyBlocks, npyBlocks, npyParts } from './npy.ts';

/** Ending of an array's entry in the archive, which is not part of its name. */
export const NPY_ENDING = '.npy';

/**
 * Reads every array of a `.npz` file (stored or deflated, zip64 or not), by name, without the `.npy` ending. Sizes
 * come from the central directory, since `numpy.savez` streams and leaves them out of the local headers. Anything
 * that the zip reader refuses (see `openZip`), or that is not an array, is a fault.
 */
export const readNpz = async (path: string): Promise<Map<string, NpyArray>> => {
  const source = await fileSource(path);
  const arrays = new Map<string, NpyArray>();
  try {
    for (const [file, entry] of await openZip(source)) {
      const where = `${path}, entry ${shown(file)}`;
      if (!file.endsWith(NPY_ENDING)) {
        throw inputFault('is not an .npy array', where, 'Save the arrays again with numpy.savez');
      }
      arrays.set(file.slice(0, -NPY_ENDING.length), await decodeNpy(await entry.read(), where));
    }
  } finally {
    await source.close();
  }
  return arrays;
};

/** Longest name of an entry; zip stores its length in 16 bits. */
const LONGEST_NAME = 65_535 - NPY_ENDING.length;

/** Why an entry of a zip archive must not have this name; null if it may. */
const problemOf = (name: string): string | null => {
  if (name.includes('\0')) return 'it holds a zero character';
  if (name.includes('\\')) return 'a backslash parts folders on some systems';
  if (/^(?:[a-zA-Z]:|\/)/.test(name)) return 'it is the path of a file elsewhere';
  if (`${name}${NPY_ENDING}`.split('/').includes('..')) return 'it leads out of the folder of the archive';
  return Buffer.byteLength(name) > LONGEST_NAME ? `it is longer than ${LONGEST_NAME} bytes` : null;
};

/**
 * Throws an input fault at `where` for the first name of an array that cannot be the name of an entry, or that occurs
 * twice. Names come from data, and other programs unpack the archive.
 */
export const checkArrayNames = (names: readonly string[], where: string): void => {
  const seen = new Set<string>();
  for (const name of names) {
    const problem = seen.has(name) ? 'another array has that name' : problemOf(name);
    seen.add(name);
    if (problem === null) continue;
    throw inputFault(
      `has the name ${shown(name)}, which no array of an .npz archive can have: ${problem}`,
      where,
      'Rename it',
    );
  }
};

/** The time stamp of every entry (zip keeps local time), so that the same arrays give the same bytes. */
const EPOCH = new Date(1980, 0, 1);
const CHUNK = 2 ** 26;

function* chunks(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK) yield part.subarray(at, at + CHUNK);
  }
}

/** A `.npz` file (stored, as `numpy.savez` writes it) as a stream; each array is encoded, or read, when it is needed. */
export const npzStream = (
  arrays: ReadonlyMap<string, NpyArray | NpyBlocks>,
): AsyncGenerator<Uint8Array, void> => {
  checkArrayNames([...arrays.keys()], 'an array');
  const zip = new ZipWriter();
  const output = zip.outputStream as Readable;
  // The zip writer takes no notice of an array that cannot be read, and would wait for the rest of it.
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure = error;
    output.destroy();
  };
  for (const [name, array] of arrays) {
    zip.addReadStreamLazy(
      `${name}.npy`,
      { mtime: EPOCH, forceDosTimestamp: true, compress: false },
      (deliver) => {
        const parts = 'blocks' in array ? npyBlocks(array) : chunks(npyParts(array));
        deliver(null, Readable.from(parts, { objectMode: false }).on('error', fail));
      },
    );
  }
  zip.end();
  return partsOf(output, () => failure);
};

/** What a stream has; its failure in place of a stream that ended too early. */
async function* partsOf(output: Readable, failure: () => unknown): AsyncGenerator<Uint8Array, void> {
  try {
    yield* output;
  } catch (error) {
    throw failure() ?? error;
  }
}

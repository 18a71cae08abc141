import { buffer } from 'node:stream/consumers';
import { sourceOf } from '../../../src/checkpoint/bytes/byteSource.ts';
import { type NpyArray, npzStream } from '../../../src/checkpoint/index.ts';
import { npyParts, readNpyArray } from '../../../src/checkpoint/numpy/npy.ts';
import { readNpyHeader } from '../../../src/checkpoint/numpy/npySource.ts';

/** The array of a `.npy` file, from its path or its bytes. */
export const readNpy = async (from: string | Uint8Array, name?: string): Promise<NpyArray> => {
  const source = await sourceOf(from, name);
  try {
    return await readNpyArray(source, await readNpyHeader(source));
  } finally {
    await source.close();
  }
};

/** The bytes of a `.npy` file, as `numpy.save` would write them for a row-major array. */
export const encodeNpy = (array: NpyArray): Uint8Array => Buffer.concat(npyParts(array));

/** The bytes of a `.npz` file. */
export const encodeNpz = (arrays: ReadonlyMap<string, NpyArray>): Promise<Uint8Array> =>
  buffer(npzStream(arrays));

import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ByteSource, fileSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { CheckpointFormat } from '../../../src/checkpoint/checkpoint.ts';
import { cachedReads } from '../../../src/checkpoint/hdf5/blocks.ts';
import { Hdf5File } from '../../../src/checkpoint/hdf5/file.ts';
import { slabs } from '../../../src/checkpoint/hdf5/slabs.ts';
import { KERAS_H5 } from '../../../src/checkpoint/keras/h5.ts';
import { KERAS_ZIP } from '../../../src/checkpoint/keras/zip.ts';
import { Fault, inputFault } from '../../../src/protocol/index.ts';
import { faultOf, scratchFolder } from './scratch.ts';

const FOLDER = join(import.meta.dirname, '../../corpus/keras');
const noSibling = async () => {
  throw new Error('no other file is named');
};
const bytesOf = async (name: string) => new Uint8Array(await readFile(join(FOLDER, name)));

describe('slabs', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });

  it('cover every element once, in order', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 60 }),
        (shape, chunk, target) => {
          const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
          const seen: number[] = [];
          const visit = (index: number[], offset: readonly number[], count: readonly number[]): void => {
            const axis = index.length;
            if (axis === shape.length) seen.push(index.reduce((at, i, k) => at + i * strides[k], 0));
            else for (let i = 0; i < count[axis]; i++) visit([...index, offset[axis] + i], offset, count);
          };
          const chunks = shape.map(() => chunk);
          for (const { offset, count } of slabs(shape, chunks, target)) visit([], offset, count);
          expect(seen).toEqual(seen.map((_, i) => i));
          expect(seen.length).toBe(shape.reduce((a, b) => a * b, 1));
        },
      ),
    );
  });

  it('are as large as asked for, and cut at chunks', () => {
    expect([...slabs([1, 10, 4], [1, 3, 4], 30)].map(({ offset, count }) => [offset[1], count[1]])).toEqual([
      [0, 6],
      [6, 4],
    ]);
    expect([...slabs([5, 0], null, 30)]).toEqual([]);
    expect([...slabs([], null, 30)]).toEqual([{ offset: [], count: [] }]);
  });
});

describe('cachedReads', () => {
  it('gives the bytes of the file, whatever is asked for', () => {
    const whole = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) ^ (i >> 8));
    let fills = 0;
    const read = cachedReads(whole.length, (target, offset) => {
      fills++;
      target.set(whole.subarray(offset, offset + target.length));
    });
    for (const [offset, length] of [
      [0, 8],
      [65_530, 12],
      [131_000, 100],
      [10, 250_000],
      [299_999, 1],
    ]) {
      const target = new Uint8Array(length);
      read(target, offset);
      expect(Buffer.from(whole.subarray(offset, offset + length)).equals(target)).toBe(true);
    }
    const before = fills;
    read(new Uint8Array(1000), 65_000);
    expect(fills).toBe(before);
  });
});

describe('Hdf5File', () => {
  afterEach(() => vi.restoreAllMocks());

  it('ends a file that takes too long, and starts again with the next request', async () => {
    const bytes = await bytesOf('latest.h5');
    let isStuck = true;
    const source: ByteSource = {
      ...memorySource(bytes, 'slow.h5'),
      read: (offset, length) =>
        isStuck ? new Promise(() => {}) : Promise.resolve(bytes.subarray(offset, offset + length)),
    };
    const file = new Hdf5File(source, 3);
    // As if the library were computing while it waits for its bytes.
    let seconds = 0;
    const used = vi.spyOn(process, 'cpuUsage').mockImplementation((before) => {
      seconds += 4;
      return { user: seconds * 1e6 - (before?.user ?? 0), system: 0 };
    });
    expect((await faultOf(file.list())).message).toBe(
      'slow.h5: took the HDF5 library more than 3 s. The file is damaged or not a checkpoint: fetch or save it again.',
    );
    isStuck = false;
    used.mockRestore();
    expect((await file.list()).map(({ path }) => path)).toContain('group/chunked');
    await file.close();
  });

  it('passes on why the bytes cannot be had', async () => {
    const source: ByteSource = {
      ...memorySource(await bytesOf('latest.h5')),
      read: async () => {
        throw inputFault('ended while it was being read', 'gone.h5, byte 0', 'Read it again');
      },
    };
    const file = new Hdf5File(source);
    expect((await faultOf(file.list())).message).toBe(
      'gone.h5, byte 0: ended while it was being read. Read it again.',
    );
    await file.close();
  });

  it('reads beyond 4 GB of a file without reading what lies before', async () => {
    const path = join(scratchFolder(), 'large.h5');
    // The user block before the file may have any power of two of bytes; this one is a hole in a sparse file.
    const begin = 2 ** 33;
    const handle = await open(path, 'w');
    await handle.write(await bytesOf('latest.h5'), 0, undefined, begin);
    await handle.close();
    let taken = 0;
    const source = await fileSource(path);
    const counted: ByteSource = {
      ...source,
      read: (offset, length) => {
        taken += length;
        return source.read(offset, length);
      },
    };
    expect(await KERAS_H5.isMine(new Uint8Array(4096), counted)).toBe(true);
    const checkpoint = await KERAS_H5.open(counted, noSibling);
    const { data } = await checkpoint.read('w');
    await checkpoint.close();
    const small = await KERAS_H5.open(await fileSource(join(FOLDER, 'latest.h5')), noSibling);
    expect(data).toEqual((await small.read('w')).data);
    await small.close();
    expect(taken).toBeLessThan(2 ** 23);
  });

  it('answers requests that are made together', async () => {
    const checkpoint = await KERAS_H5.open(await fileSource(join(FOLDER, 'mixed.h5')), noSibling);
    const names = ['scalar', 'gzip', 'little/f4', 'big/i2'];
    const together = await Promise.all(names.map((name) => checkpoint.read(name)));
    for (const [i, name] of names.entries()) expect(together[i]).toEqual(await checkpoint.read(name));
    await checkpoint.close();
  });
});

/** Numbers below `limit`, the same each time (mulberry32). */
const randomly = (seed: number) => {
  let state = seed;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
};

/** Opens and reads all of a file; true if that ended in a fault. Anything except a fault is thrown. */
const isRefused = async (format: CheckpointFormat, bytes: Uint8Array): Promise<boolean> => {
  try {
    const checkpoint = await format.open(memorySource(bytes), noSibling);
    let refusals = 0;
    for (const name of checkpoint.tensors.keys()) {
      await checkpoint.read(name).catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        refusals++;
      });
    }
    await checkpoint.close();
    return refusals > 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return true;
  }
};

describe('damaged files', () => {
  // Each needs a new thread with the library loaded again: few here, more in test/corpus/fuzz.test.ts, and any number
  // by hand.
  const cases = Number(process.env.PENTIMENTO_MUTATIONS ?? 2);
  const files = ['latest.h5', 'legacy.h5', 'mixed.h5', 'bfloat16.keras'];
  const formatOf = (name: string) => (name.endsWith('.keras') ? KERAS_ZIP : KERAS_H5);

  it.each(files)('%s cut off anywhere is a fault', async (name) => {
    const whole = await bytesOf(name);
    const random = randomly(whole.length);
    for (let i = 0; i < cases; i++) {
      expect(await isRefused(formatOf(name), whole.subarray(0, random(whole.length)))).toBe(true);
    }
  });

  it.each(files)('%s with bytes changed is read or is a fault', async (name) => {
    const whole = await bytesOf(name);
    const random = randomly(whole.length + 1);
    for (let i = 0; i < cases; i++) {
      const changed = whole.slice();
      for (let k = random(8); k >= 0; k--) {
        // Most of a file is values or unused; its description is near the beginning.
        const at = random(2) === 0 ? random(whole.length) : random(Math.min(2048, whole.length));
        changed[at] = random(256);
      }
      await expect(isRefused(formatOf(name), changed)).resolves.toBeTypeOf('boolean');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { keepWhileSame } from '../../../extension/runs/keepWhileSame.ts';

/** Files with their stamps, and how often each was read. */
const disk = (count: number) => {
  const stamps = new Map([
    ['a', '1'],
    ['b', '1'],
    ['c', '1'],
  ]);
  const reads: string[] = [];
  const broken = new Set<string>();
  const read = keepWhileSame(count, { now: async (file) => stamps.get(file) ?? null }, async (file) => {
    reads.push(file);
    if (broken.has(file)) throw new Error(`${file} is broken`);
    return { file, stamp: stamps.get(file) };
  });
  return { stamps, reads, broken, read };
};

describe('what was read is kept', () => {
  it('while the file stays the same, also when asked for twice at once', async () => {
    const { stamps, reads, read } = disk(2);
    const [one, two] = await Promise.all([read('a'), read('a')]);
    expect(two).toBe(one);
    stamps.set('a', '2');
    expect(await read('a')).toEqual({ file: 'a', stamp: '2' });
    expect(reads).toEqual(['a', 'a']);
  });

  it('of the files that were asked for last', async () => {
    const { reads, read } = disk(2);
    for (const file of ['a', 'b', 'a', 'c', 'a', 'b']) await read(file);
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
  });

  it('but not a failure, nor a file that nothing is known of', async () => {
    const { stamps, reads, broken, read } = disk(2);
    broken.add('a');
    await expect(read('a')).rejects.toThrow('a is broken');
    broken.clear();
    expect(await read('a')).toEqual({ file: 'a', stamp: '1' });
    stamps.delete('b');
    await read('b');
    await read('b');
    expect(reads).toEqual(['a', 'a', 'b', 'b']);
  });

  it('by the stamps of all that it was read from, when it says what that was', async () => {
    const stamps = new Map([
      ['index', '1'],
      ['shard', '1'],
    ]);
    let reads = 0;
    interface Content {
      readonly parts: readonly { readonly path: string; readonly stamp: string }[];
    }
    const joined = (paths: readonly string[]): string => paths.map((path) => stamps.get(path)).join();
    const read = keepWhileSame<Content>(
      2,
      {
        now: async (file, known) => joined(known?.parts.map(({ path }) => path) ?? [file]),
        of: ({ parts }) => parts.map(({ stamp }) => stamp).join(),
      },
      async () => {
        reads++;
        const parts = ['index', 'shard'].map((path) => ({ path, stamp: stamps.get(path)! }));
        // Written right after it was read, before anything could check it.
        if (reads === 1) stamps.set('shard', '2');
        return { parts };
      },
    );
    await read('index');
    expect((await read('index')).parts[1].stamp).toBe('2');
    expect([await read('index'), reads]).toEqual([await read('index'), 2]);
    stamps.set('shard', '3');
    expect((await read('index')).parts[1].stamp).toBe('3');
    stamps.set('index', '2');
    expect((await read('index')).parts[0].stamp).toBe('2');
  });
});

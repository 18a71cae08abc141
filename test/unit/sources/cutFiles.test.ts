import { cpSync, existsSync, mkdtempSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/checkpoint/index.ts';
import { Fault } from '../../../src/protocol/index.ts';
import { openContainer, openFolder } from '../../../src/sources/recording/containers/container.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

const LAYOUTS = fileURLToPath(new URL('fixtures/layouts/', import.meta.url));
const scratch = scratchFolder();

/** Files with arrays. Text is left out: a number that is cut off is another number. */
const ARRAYS =
  /\.(?:npz|npy|pt|safetensors|h5|hdf5|arrow|parquet|mat|bin)$|activations\.json$|zarr.*\/\d+(?:\.\d+)*$/;

/** The first file of each kind in each layout, and all of Parquet and MAT, which differ in their compression. */
const FILES = [
  ...new Map(
    readdirSync(LAYOUTS, { recursive: true, encoding: 'utf8' })
      .filter((name) => ARRAYS.test(name) && statSync(join(LAYOUTS, name)).isFile())
      .sort()
      .reverse()
      .map((name) => [/parquet|matlab/.test(name) ? name : `${name.split('/')[0]} ${extname(name)}`, name]),
  ).values(),
];

/** The folder that is one container, if the file is a part of it. */
const containerOf = (root: string, file: string): string => {
  for (let folder = dirname(join(root, file)); folder.length > root.length; folder = dirname(folder)) {
    const isOne = ['.zgroup', 'metadata.json'].some((mark) => existsSync(join(folder, mark)));
    if (isOne) return folder;
  }
  return join(root, file);
};

/** Values by name of array; why there are none. */
const contents = async (path: string): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  let container: Checkpoint;
  try {
    container = await ((await openFolder(path)) ?? (() => openContainer(path)))();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return found;
  }
  for (const name of container.tensors.keys()) {
    try {
      found.set(name, Array.from((await container.read(name)).data as Float64Array).join(' '));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  await container.close();
  return found;
};

describe('a file that was cut off', () => {
  it.each(FILES)('gives no other numbers than the whole one: %s', async (file) => {
    const whole = containerOf(LAYOUTS, file);
    const sound = await contents(whole);
    expect(sound.size).toBeGreaterThan(0);
    const { size } = statSync(join(LAYOUTS, file));
    for (const length of new Set([0, size >> 2, size - 100, size - 4, size - 1])) {
      if (length < 0) continue;
      const copy = mkdtempSync(join(scratch, 'cut-'));
      const place = join(copy, relative(LAYOUTS, whole));
      cpSync(whole, place, { recursive: true });
      truncateSync(join(copy, file), length);
      const found = await contents(place);
      for (const [name, values] of found)
        expect([name, length, values]).toEqual([name, length, sound.get(name)]);
    }
  });
});

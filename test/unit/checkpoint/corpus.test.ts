import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../../src/checkpoint/index.ts';
import { faultOf } from './scratch.ts';

/**
 * Every file of test/corpus is opened according to its content. A good one has `<file>.expected.json` beside it,
 * made by the program that wrote it; a hostile one the message that it must give, in its folder's `hostile.json`.
 */
const CORPUS = join(import.meta.dirname, '../../corpus');
const ENDING = '.expected.json';

interface Expected {
  readonly format: string;
  /** `sha256`: of the values as little-endian float64, row-major. `sum` is null if it is not finite. */
  readonly tensors: Record<string, { dtype: string; shape: number[]; sha256: string; sum: number | null }>;
}

interface Hostile {
  readonly file: string;
  /** With FILE for the path, FOLDER for its folder. */
  readonly message: string;
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const folders = readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const good = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(ENDING))
  .map((path) => path.slice(0, -ENDING.length))
  .sort();
const hostile = folders.flatMap(({ name }): [string, string][] => {
  const path = join(CORPUS, name, 'hostile.json');
  if (!existsSync(path)) return [];
  return json(path).map(({ file, message }: Hostile) => [join(name, file), message]);
});

const QUIET_NAN = Buffer.from('000000000000f87f', 'hex');

const digest = (data: ArrayLike<number>): string => {
  const bytes = Buffer.alloc(8 * data.length);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) QUIET_NAN.copy(bytes, 8 * i);
    else bytes.writeDoubleLE(data[i], 8 * i);
  }
  return createHash('sha256').update(bytes).digest('hex');
};

const sumOf = (data: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  return sum;
};

const readable = (checkpoint: Checkpoint): string[] =>
  [...checkpoint.tensors.values()]
    .filter(({ unreadable }) => unreadable === undefined)
    .map(({ name }) => name);

const readAll = async (path: string): Promise<void> => {
  const checkpoint = await openCheckpoint(path);
  try {
    for (const name of readable(checkpoint)) await checkpoint.read(name);
    for (const name of checkpoint.tensors.keys()) await checkpoint.read(name);
  } finally {
    await checkpoint.close();
  }
};

describe('good files of the corpus', () => {
  it.each(good)('%s', async (file) => {
    const path = join(CORPUS, file);
    const { format, tensors }: Expected = json(path + ENDING);
    const checkpoint = await openCheckpoint(path);
    try {
      expect(checkpoint.format).toBe(format);
      expect(readable(checkpoint)).toEqual(expect.arrayContaining(Object.keys(tensors)));
      // Tensors without expected values are listed, and refused when they are read.
      for (const name of checkpoint.tensors.keys()) {
        if (!Object.hasOwn(tensors, name)) await faultOf(checkpoint.read(name));
      }
      for (const [name, expected] of Object.entries(tensors)) {
        const { data, shape } = await checkpoint.read(name);
        expect({ name, shape, sha256: digest(data) }).toEqual({
          name,
          shape: expected.shape,
          sha256: expected.sha256,
        });
        expect(checkpoint.tensors.get(name)).toMatchObject({ dtype: expected.dtype, shape: expected.shape });
        if (typeof expected.sum === 'number' && Number.isFinite(expected.sum)) {
          const scale = sumOf(Array.from(data, Math.abs));
          expect(Math.abs(sumOf(data) - expected.sum)).toBeLessThanOrEqual(1e-12 * scale);
        }
      }
    } finally {
      await checkpoint.close();
    }
  });
});

describe('hostile files of the corpus', () => {
  it.each(hostile)('%s', async (file, message) => {
    const path = join(CORPUS, file);
    const fault = await faultOf(readAll(path));
    expect(fault.message.replaceAll(path, 'FILE').replaceAll(dirname(path), 'FOLDER')).toBe(message);
  });

  it('are in every folder', () => {
    for (const { name } of folders) expect(existsSync(join(CORPUS, name, 'hostile.json')), name).toBe(true);
  });
});

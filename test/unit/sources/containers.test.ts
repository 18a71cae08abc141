import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../../src/sources/recording/containers/container.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

/** Written by makeLayouts.py with numpy, scipy and json. */
const pathOf = (name: string): string => fileURLToPath(new URL(`fixtures/layouts/${name}`, import.meta.url));
const scratch = scratchFolder();

const read = async (path: string, name: string) => {
  const container = await openContainer(path);
  const { shape, data } = await container.read(name);
  await container.close();
  return { names: [...container.tensors.keys()], shape, data: Array.from(data as Float64Array) };
};

/** Sample s, layer l, token t and dimension d. */
const value = (s: number, l: number, t: number, d: number): number => 100 * s + 20 * l + 5 * t + d;

describe('MAT files of version 5', () => {
  it.each(['plain', 'compressed'])('have their arrays with the last axis first: %s', async (name) => {
    const { names, shape, data } = await read(pathOf(`matlab/${name}.mat`), 'maps');
    // A text is no array of numbers.
    expect(names).toEqual(['maps', 'labels']);
    expect(shape).toEqual([7, 5, 2, 2]);
    const expected = Array.from({ length: 7 * 5 * 4 }, (_, at) =>
      value(Math.floor(at / 20), 1, at % 4, Math.floor(at / 4) % 5),
    );
    expect(data).toEqual(expected);
    const labels = await read(pathOf(`matlab/${name}.mat`), 'labels');
    expect([labels.shape, labels.data]).toEqual([
      [1, 7],
      [0, 1, 0, 1, 0, 1, 0],
    ]);
  });

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 40), /byte \d+: is cut off\. Save it again/],
    [
      'of a shape that its bytes do not have',
      (bytes) => {
        // The extents of the first array, behind the header, its tag, its flags and the tag of its extents.
        bytes.writeInt32LE(70, 128 + 8 + 16 + 8);
        return bytes;
      },
      /has an array of shape \[70, 5, 2, 2\] in 560 bytes/,
    ],
    [
      'of another byte order',
      (bytes) => {
        bytes.write('MI', 126, 'latin1');
        return bytes;
      },
      /byte 126: has the byte order of another machine/,
    ],
  ])('are refused: %s', async (_, change, message) => {
    const { readFileSync } = await import('node:fs');
    const file = join(scratch, 'bad.mat');
    writeFileSync(file, change(readFileSync(pathOf('matlab/plain.mat'))));
    expect((await faultOf(openContainer(file))).message).toMatch(message);
  });
});

describe('text of numpy.savetxt', () => {
  it('is one array', async () => {
    const { names, shape, data } = await read(pathOf('things-txt/features.txt'), 'features');
    expect([names, shape]).toEqual([['features'], [7, 5]]);
    expect(data).toEqual(Array.from({ length: 35 }, (_, at) => value(Math.floor(at / 5), 1, 0, at % 5)));
  });

  it('may have comments, commas and what is no number', async () => {
    const file = join(scratch, 'rows.txt');
    writeFileSync(file, '1,2\n# a comment\n\n-inf\tNaN\n');
    const { data } = await read(file, 'rows');
    expect(data).toEqual([1, 2, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it.each([
    ['1 2\n3\n', /rows\.txt, line 2: has 1 numbers beside 2 in the first row/],
    ['1 2\n3 x\n', /rows\.txt, line 2: holds "x"/],
  ])('is refused: %j', async (text, message) => {
    const file = join(scratch, 'rows.txt');
    writeFileSync(file, text);
    expect((await faultOf(openContainer(file))).message).toMatch(message);
  });
});

describe('JSON lines of NeuroX', () => {
  const line = (index: number, values: readonly (readonly number[][])[]): string =>
    JSON.stringify({
      linex_index: index,
      features: values.map((layers) => ({
        token: 't',
        layers: layers.map((own, at) => ({ index: at, values: own })),
      })),
    });

  it('may end without a line feed, and be longer than what is read at a time', async () => {
    const wide = Array.from({ length: 200_000 }, (_, d) => d);
    const file = join(scratch, 'wide.json');
    writeFileSync(file, `${line(0, [[wide], [wide]])}\n${line(1, [[wide]])}`);
    const { names, shape, data } = await read(file, '1');
    expect([names, shape, data]).toEqual([['0', '1'], [1, 1, 200_000], wide]);
  });

  it.each([
    ['{"linex_index": 0, "features": []}\n', /line 1: has no features/],
    [`${line(0, [[[1, 2]]])}\n{"linex_index": 1, "feat\n`, /line 2: is not valid JSON/],
    [
      `${line(0, [
        [[1, 2]],
        [
          [1, 2],
          [3, 4],
        ],
      ])}\n`,
      /line 1: has another number of layers at token 1/,
    ],
    [`${line(0, [[[1, 2]], [[1]]])}\n`, /line 1: has another number of values at token 1, layer 0/],
  ])('are refused: %j', async (text, message) => {
    const file = join(scratch, 'bad.json');
    writeFileSync(file, text);
    const fault = await faultOf(openContainer(file));
    expect(fault.message).toMatch(message);
    expect(fault.message).toMatch(/Record the activations again with NeuroX\.$/);
  });
});

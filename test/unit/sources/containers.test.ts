import { cpSync, mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openContainer, openFolder } from '../../../src/sources/recording/containers/container.ts';
import { checkedMetadata } from '../../../src/sources/recording/containers/zarrMetadata.ts';
import { openRecording } from '../../../src/sources/recording/recordingSource.ts';
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
    [
      '{"linex_index": 0, "features": [{"layers": [null]}]}\n',
      /line 1: has no layer \(at features\.0\.layers\.0\)/,
    ],
    [
      '{"linex_index": 0, "features": [{"layers": [{"index": 0, "values": ["1"]}]}]}\n',
      /line 1: has a value that is no number \(at features\.0\.layers\.0\.values\.0\)/,
    ],
  ])('are refused: %j', async (text, message) => {
    const file = join(scratch, 'bad.json');
    writeFileSync(file, text);
    const fault = await faultOf(openContainer(file));
    expect(fault.message).toMatch(message);
    expect(fault.message).toMatch(/Record the activations again with NeuroX\.$/);
  });
});

describe('Zarr', () => {
  const SECOND = {
    zarr_format: 2,
    shape: [4, 2],
    chunks: [4, 2],
    dtype: '<f4',
    compressor: null,
    filters: null,
    fill_value: 0,
    order: 'C',
  };
  const THIRD = {
    zarr_format: 3,
    node_type: 'array',
    shape: [4, 2],
    data_type: 'float32',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [4, 2] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    fill_value: 0,
  };
  const VALUES = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);

  /** A group with one array. */
  const written = (array: object, chunk: string, values: Uint8Array): string => {
    const folder = mkdtempSync(join(scratch, 'zarr-'));
    const isThird = 'node_type' in array;
    const file = join(folder, 'acts', isThird ? 'zarr.json' : '.zarray');
    const place = join(folder, 'acts', chunk);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(join(folder, isThird ? 'zarr.json' : '.zgroup'), '{"zarr_format": 2}');
    writeFileSync(file, JSON.stringify(array));
    writeFileSync(place, values);
    return folder;
  };
  const opened = async (folder: string) => (await openFolder(folder))!();

  it.each([
    ['version 2', SECOND, '0.0'],
    ['version 3', THIRD, 'c/0/0'],
  ])('is read: %s', async (_, array, chunk) => {
    const container = await opened(written(array, chunk, new Uint8Array(VALUES.buffer)));
    expect((await container.read('acts')).data).toEqual(VALUES);
  });

  it('is read: shards, whose index is at their end', async () => {
    const little = { name: 'bytes', configuration: { endian: 'little' } };
    const sharded = {
      ...THIRD,
      codecs: [
        {
          name: 'sharding_indexed',
          configuration: {
            chunk_shape: [2, 2],
            codecs: [little],
            index_codecs: [little],
            index_location: 'end',
          },
        },
      ],
    };
    // The second chunk comes first in the file.
    const index = BigUint64Array.of(16n, 16n, 0n, 16n);
    const shard = Buffer.concat(
      [VALUES.slice(4), VALUES.slice(0, 4), index].map(({ buffer }) => Buffer.from(buffer)),
    );
    const container = await opened(written(sharded, 'c/0/0', shard));
    expect((await container.read('acts')).data).toEqual(VALUES);
    const cut = await opened(written(sharded, 'c/0/0', shard.subarray(0, 20)));
    expect((await faultOf(cut.read('acts'))).message).toMatch(/c\/0\/0: has 20 bytes, and no 32 at byte -12/);
  });

  it('has chunks of Blosc where nothing is around them', () => {
    const [bytes, blosc, crc] = ['bytes', 'blosc', 'crc32c'].map((name) => ({ name }));
    const shards = (...codecs: object[]) => [
      { name: 'sharding_indexed', configuration: { codecs, index_codecs: [bytes, crc] } },
    ];
    const isBlosc = (array: object): boolean => checkedMetadata(Buffer.from(JSON.stringify(array))).isBlosc;
    expect(isBlosc({ ...SECOND, compressor: { id: 'blosc' } })).toBe(true);
    expect(isBlosc({ ...SECOND, compressor: { id: 'zlib' } })).toBe(false);
    expect(isBlosc({ ...THIRD, codecs: [bytes, blosc] })).toBe(true);
    expect(isBlosc({ ...THIRD, codecs: [bytes, blosc, crc] })).toBe(false);
    expect(isBlosc({ ...THIRD, codecs: shards(bytes, blosc) })).toBe(true);
    expect(isBlosc({ ...THIRD, codecs: shards(bytes, blosc, crc) })).toBe(false);
  });

  it.each<[string, number, RegExp]>([
    ['cut off', 40, /a chunk has 40 bytes in place of 76/],
    ['without its header', 7, /a chunk has 7 bytes in place of 16/],
    ['empty', 0, /a chunk has 0 bytes in place of 16/],
  ])('has no values where a chunk of Blosc is %s', async (_, length, message) => {
    const folder = mkdtempSync(join(scratch, 'blosc-'));
    cpSync(pathOf('zarr'), folder, { recursive: true });
    truncateSync(join(folder, 'encoder1/mlp/1.0'), length);
    const fault = await faultOf((await opened(folder)).read('encoder1/mlp'));
    expect(fault.message).toMatch(message);
    expect(fault.message).toMatch(/^\S+, array "encoder1\/mlp": cannot be read as Zarr/);
  });

  it.each([
    ['version 2', SECOND, '0.0'],
    ['version 3', THIRD, 'c/0/0'],
  ])('has no values where a chunk is too short: %s', async (_, array, chunk) => {
    const cut = await opened(written(array, chunk, new Uint8Array(VALUES.buffer, 0, 20)));
    expect((await faultOf(cut.read('acts'))).message).toMatch(/a chunk has 5 values in place of 8/);
    const long = await opened(written(array, chunk, new Uint8Array(40)));
    expect((await faultOf(long.read('acts'))).message).toMatch(/a chunk has 10 values in place of 8/);
  });

  it('has NaN where float16 was not written', async () => {
    const half = { ...SECOND, dtype: '<f2', fill_value: 'NaN' };
    const container = await opened(written(half, 'other', new Uint8Array(0)));
    expect([...(await container.read('acts')).data]).toEqual(Array(8).fill(Number.NaN));
  });

  it.each<[string, object, RegExp]>([
    [
      'several unknown codecs',
      { ...SECOND, filters: [{ id: 'a' }], compressor: { id: 'lzma' } },
      /\(has the codec "numcodecs\.a", which is not read here\)/,
    ],
    ['a codec without a name', { ...SECOND, compressor: {} }, /\(compressor\.id: /],
    [
      'float16 as differences',
      { ...SECOND, dtype: '<f2', filters: [{ id: 'delta' }] },
      /float16 with the codec/,
    ],
    [
      'float16 with a value of its own',
      { ...SECOND, dtype: '<f2', fill_value: 1.5 },
      /a fill value other than 0/,
    ],
    ['extents that are none', { ...SECOND, shape: [4, 'x'] }, /\(shape\.1: /],
    ['chunks of other axes', { ...SECOND, chunks: [4] }, /\(has chunks of 1 axes for 2\)/],
    ['more than there can be', { ...SECOND, shape: [2 ** 40, 2 ** 40] }, /\(is too large\)/],
    ['no chunks', { ...THIRD, chunk_grid: { name: 'regular' } }, /\(chunk_grid\.configuration: /],
    [
      'shards without codecs',
      { ...THIRD, codecs: [{ name: 'sharding_indexed' }] },
      /\(has shards without codecs\)/,
    ],
  ])('is refused in one line: %s', async (_, array, message) => {
    const fault = await faultOf(opened(written(array, '0.0', new Uint8Array(32))));
    expect(fault.message).toMatch(/^\S+, array "acts": cannot be read as Zarr/);
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });

  it('of more samples than can be counted is no recording', async () => {
    const folder = written({ ...SECOND, shape: [2 ** 40, 2] }, '0.0', new Uint8Array(32));
    const asked = { name: 'acts', seed: 0, testShare: 0.2, layers: 'all' as const };
    const layout = { arrays: '{layer}', axes: ['sample' as const, 'dimension' as const] };
    const fault = await faultOf(openRecording(folder, { ...asked, layout }));
    expect(fault.message).toMatch(/says 1,099,511,627,776 samples, more than 268,435,456/);
  });
});

describe('Parquet', () => {
  it('with other numbers of rows in its parts is refused', async () => {
    const bytes = readFileSync(pathOf('parquet/flat.parquet'));
    const length = bytes.readUInt32LE(bytes.length - 8);
    const footer = bytes.subarray(bytes.length - 8 - length, bytes.length - 8);
    // Field 3 of the metadata, after the version and the schema: the rows, as a 64-bit number in zigzag.
    const at = footer.indexOf(Buffer.of(0x16, 2 * 7));
    expect(at).toBeGreaterThan(0);
    footer[at + 1] = 2 * 9;
    const file = join(scratch, 'rows.parquet');
    writeFileSync(file, bytes);
    expect((await faultOf(openContainer(file))).message).toMatch(/says 9 rows, and has 7 in its groups/);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type Checkpoint, elementCount } from '../../src/checkpoint/index.ts';
import { summariseRecording } from '../../src/sources/index.ts';
import { openContainer, openFolder } from '../../src/sources/recording/containers/container.ts';
import { openRecording } from '../../src/sources/recording/recordingSource.ts';
import { oneOf } from '../corpus/random.ts';
import { checkFault, checkText, ensure } from './contract.ts';
import type { Generator } from './generator.ts';
import { hostileJson } from './jsonTexts.ts';
import {
  choice,
  type Dice,
  hostile,
  joined,
  name,
  noise,
  once,
  small,
  times,
  uint,
  whole,
  worn,
} from './values.ts';

const LAYOUTS = 'test/unit/sources/fixtures/layouts';

/** The files of a recording, by their path in its folder, and what of them is opened: a file, or the folder. */
interface Recording {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly opened: string;
}

/** A varint, as Thrift writes lengths, counts and offsets. */
const varint = (value: bigint): Uint8Array => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
};

const PARQUET = ['flat', 'snappy', 'gzip', 'brotli'].map((each) => join(LAYOUTS, `parquet/${each}.parquet`));

/** Footers and heads of pages are structures of Thrift, in which most bytes are a length, a count or a type. */
const parquet = (random: Dice): Recording => {
  const bytes = new Uint8Array(readFileSync(oneOf(PARQUET, random)));
  const view = Buffer.from(bytes.buffer);
  const length = view.readUInt32LE(bytes.length - 8);
  const footer = bytes.length - 8 - length;
  const changes = times(changesOf(random), () => {
    const inFooter = !once(4, random);
    return inFooter ? footer + random(length) : 4 + random(footer - 4);
  });
  let made: Uint8Array = bytes;
  for (const at of changes) {
    if (once(2, random)) made[at] = random(256);
    else made = joined(made.subarray(0, at), varint(whole(made[at], random, 2)), made.subarray(at + 1));
  }
  const grown = made.length - bytes.length;
  if (grown > 0) made.set(uint(BigInt(length + grown), 4), made.length - 8);
  if (hostile(20, random)) made.set(uint(whole(length, random, 2), 4), made.length - 8);
  return { files: { 'acts.parquet': worn(made, random) }, opened: 'acts.parquet' };
};

const ARROW = ['elk/data-00000-of-00002', 'saelens/data-00000-of-00001'].map((each) =>
  join(LAYOUTS, `${each}.arrow`),
);

/** FlatBuffers and offsets of buffers are words of 4 or 8 bytes at places that are multiples of their width. */
const arrow = (random: Dice): Recording => {
  const bytes = new Uint8Array(readFileSync(oneOf(ARROW, random)));
  times(changesOf(random), () => {
    const width = oneOf([1, 2, 4, 8] as const, random);
    const at = width * random(Math.floor(bytes.length / width));
    const old = BigInt(bytes[at]);
    bytes.set(uint(whole(old, random, 2), width), at);
  });
  return { files: { 'acts.arrow': worn(bytes, random) }, opened: 'acts.arrow' };
};

const changesOf = (random: Dice): number => (random.calm > 1e6 ? 0 : random.calm > 10 ? 1 : 1 + random(4));

/** An element of a MAT file: its type, its length and its bytes, padded to 8. */
const element = (type: number, bytes: Uint8Array, random: Dice): Uint8Array => {
  const tag = joined(uint(whole(type, random, 40), 4), uint(whole(bytes.length, random, 30), 4));
  return joined(tag, bytes, new Uint8Array((8 - (bytes.length % 8)) % 8));
};

const MATLAB_NUMBERS = [
  [7, 7, 4],
  [6, 9, 8],
  [8, 1, 1],
  [12, 5, 4],
  [14, 12, 8],
] as const;

const matlabArray = (random: Dice, at: number): Uint8Array => {
  const [kind, type, width] = oneOf(MATLAB_NUMBERS, random);
  const extents = [6n, 1n + BigInt(random(5))].map((extent) => whole(extent, random, 20));
  const axes = hostile(30, random) ? times(1000, () => 1n) : extents;
  const named = hostile(6, random) ? name(random) : `layer_${at}`;
  const matrix = element(
    14,
    joined(
      element(6, joined(uint(whole(kind, random, 20), 4), uint(0n, 4)), random),
      element(5, joined(...axes.map((extent) => uint(extent, 4))), random),
      element(1, Buffer.from(named, 'utf8'), random),
      element(type, noise(small(axes) * width, random), random),
    ),
    random,
  );
  if (!once(3, random)) return matrix;
  const compressed = deflateSync(matrix);
  return joined(uint(15n, 4), uint(whole(compressed.length, random, 20), 4), compressed);
};

const matlab = (random: Dice): Recording => {
  const head = Buffer.alloc(128, ' ');
  head.write('MATLAB 5.0 MAT-file');
  head.write(hostile(40, random) ? 'MI' : 'IM', 126);
  const arrays = times(1 + random(3), (at) => matlabArray(random, at));
  return { files: { 'acts.mat': worn(joined(head, ...arrays), random) }, opened: 'acts.mat' };
};

const numbers = (count: number, random: Dice): number[] => times(count, () => random(1000) / 7);

/** Sentences of the same layers and widths, with another number of tokens each. */
const neurox = (random: Dice): Recording => {
  const [layers, width] = [1 + random(3), 1 + random(4)];
  const lines = times(2 + random(6), (index) => {
    const features = times(1 + random(4), (token) => ({
      token: `t${token}`,
      layers: times(layers, (at) => ({ index: at, values: numbers(width, random) })),
    }));
    return hostileJson({ linex_index: index, features }, random, 200);
  });
  // The reader knows the format by its first bytes.
  const text = `{"linex_${lines.join('\n').replace(/^\s*\{\s*"linex_/, '')}\n`;
  return { files: { 'acts.json': worn(Buffer.from(text), random) }, opened: 'acts.json' };
};

const field = (random: Dice): string =>
  hostile(40, random)
    ? oneOf(['', 'x', '1e999', 'nan', '\u001b[2J', '9'.repeat(5000), '0x10', '1_0', ' '.repeat(5000)], random)
    : String(random(1000) / 7);

const textMatrix = (random: Dice): Recording => {
  const width = 1 + random(5);
  const rows = times(4 + random(8), () =>
    times(hostile(60, random) ? random(9) : width, () => field(random)).join(oneOf([' ', '\t', ','], random)),
  );
  return {
    files: { 'acts.txt': worn(Buffer.from(`1 ${rows.join('\n')}\n`.replace(/^1 /, '')), random) },
    opened: 'acts.txt',
  };
};

const DTYPES = ['<f4', '<f8', '<f2', '|u1', '<i8', '|b1'];
const ODD_DTYPES = ['|O', '<U5', '|S3', '<c8', '', '>f4', '[', '<f99', '<M8[ns]'];

const zarrArray = (random: Dice) => {
  const extents = [6n, 1n + BigInt(random(5))].map((extent) => Number(whole(extent, random, 20)));
  const chunks = extents.map((extent) => Number(whole(Math.max(1, Math.min(extent, 4)), random, 20)));
  const dtype = choice(DTYPES, ODD_DTYPES, 20, random);
  const document = {
    zarr_format: 2,
    shape: extents,
    chunks,
    dtype,
    compressor: null,
    fill_value: 0,
    order: oneOf(['C', 'F'], random),
    filters: null,
  };
  const bytes =
    small(chunks.map((extent) => BigInt(Number.isSafeInteger(extent) ? extent : 0))) *
    (Number(/\d/.exec(dtype)?.[0]) || 1);
  return { document: hostileJson(document, random, 60), chunk: () => worn(noise(bytes, random), random) };
};

const CODECS = [
  { name: 'bytes', configuration: { endian: 'little' } },
  { name: 'crc32c' },
  { name: 'transpose', configuration: { order: [1, 0] } },
];

const zarrArrayV3 = (random: Dice) => {
  const shape = [6, 1 + random(5)].map((extent) => Number(whole(extent, random, 20)));
  const chunk = [6, Number(whole(Math.max(1, Math.min(shape[1], 9)), random, 20))];
  const codecs = hostile(20, random) ? times(random(4), () => oneOf(CODECS, random)) : [CODECS[0]];
  const document = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: choice(
      ['float32', 'float64', 'int32', 'float16', 'uint8'],
      ['string', 'complex64', 'r16', 'int3'],
      20,
      random,
    ),
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs,
    attributes: {},
  };
  return {
    document: hostileJson(document, random, 60),
    chunk: () =>
      worn(noise(small(chunk.map((e) => BigInt(Number.isSafeInteger(e) ? e : 0))) * 4, random), random),
  };
};

const zarr = (random: Dice): Recording => {
  const isThird = once(2, random);
  const files: Record<string, Uint8Array | string> = isThird
    ? { 'zarr.json': hostileJson({ zarr_format: 3, node_type: 'group', attributes: {} }, random, 60) }
    : { '.zgroup': hostileJson({ zarr_format: 2 }, random, 60) };
  times(1 + random(3), (at) => {
    const { document, chunk } = isThird ? zarrArrayV3(random) : zarrArray(random);
    files[`layer${at}/${isThird ? 'zarr.json' : '.zarray'}`] = document;
    for (const [row, column] of [
      [0, 0],
      [1, 0],
      [0, 1],
    ]) {
      if (!hostile(20, random))
        files[isThird ? `layer${at}/c/${row}/${column}` : `layer${at}/${row}.${column}`] = chunk();
    }
  });
  return { files, opened: '.' };
};

const saev = (random: Dice): Recording => {
  const [layers, width, tokens, samples] = [1 + random(3), 1 + random(4), 1 + random(3), 2 + random(5)];
  const metadata = {
    layers: times(layers, (at) => at),
    d_model: width,
    cls_token: once(2, random),
    content_tokens_per_example: tokens,
  };
  const shards = times(1 + random(2), (at) => ({ name: `acts00000${at}.bin`, n_examples: samples }));
  const bytes = 4 * samples * layers * width * (tokens + Number(metadata.cls_token));
  return {
    files: {
      'metadata.json': hostileJson(metadata, random, 40),
      'shards.json': hostileJson(shards, random, 40),
      ...Object.fromEntries(shards.map(({ name: file }) => [file, worn(noise(bytes, random), random)])),
    },
    opened: '.',
  };
};

const KINDS = [parquet, arrow, matlab, neurox, textMatrix, zarr, saev];

/** More is not read here: memory for large arrays is not tested. */
const MOST_READ = 2 ** 22;

const checkArrays = async (container: Checkpoint): Promise<void> => {
  for (const [key, entry] of [...container.tensors].slice(0, 5)) {
    ensure(
      entry.shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0),
      `lists the shape ${entry.shape}`,
    );
    const count = elementCount(entry.shape);
    if (count === null || count > MOST_READ || entry.unreadable !== undefined) continue;
    const whole = await container.read(key).catch(checkFault);
    if (whole === undefined) continue;
    ensure(whole.data.length === count, `reads ${whole.data.length} of ${entry.shape}`);
    const part = await container.ranges?.(key)?.(1, Math.min(3, count)).catch(checkFault);
    const expected = whole.data.slice(1, Math.min(3, count));
    if (part != null && count > 1) ensure(`${part}` === `${expected}`, `reads ${part} of ${expected}`);
    await container.texts?.(key).catch(checkFault);
  }
};

/** As a container, and as a recording in the layout that it seems to have. */
const read = async (path: string): Promise<boolean> => {
  const open = (await openFolder(path).catch(() => null)) ?? (() => openContainer(path));
  const container = await open().catch(checkFault);
  if (container !== undefined) {
    await checkArrays(container).finally(() => container.close());
  }
  await summariseRecording(path).catch(checkFault);
  const recording = await openRecording(path, {
    name: 'acts',
    seed: 0,
    labels: {},
    layers: 'all',
  } as never).catch(checkFault);
  for (const line of recording?.assumed ?? []) checkText(line);
  await recording?.close();
  return container !== undefined;
};

export const recordingFiles: Generator = {
  name: 'recording',
  cases: 800,
  run: async (random) => {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-recording-'));
    try {
      const { files, opened } = oneOf(KINDS, random)(random);
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), content);
      }
      return await read(join(folder, opened));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { Checkpoint } from '../../../src/checkpoint/checkpoint.ts';
import { GGUF } from '../../../src/checkpoint/gguf/gguf.ts';
import { Fault } from '../../../src/protocol/index.ts';

const FOLDER = join(import.meta.dirname, '../../corpus/gguf');
const GOOD = ['little', 'big', 'version1', 'version2'];
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(FOLDER, file)));
const noSibling = () => Promise.reject(new Error('a GGUF file names no other'));
const openBytes = (bytes: Uint8Array, name = 'FILE') => GGUF.open(memorySource(bytes, name), noSibling);
const openGood = (name: string) => openBytes(bytesOf(`${name}.gguf`));

const digest = (data: ArrayLike<number>) =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(data).buffer))
    .digest('hex');

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

const messageOf = async (promise: Promise<unknown>) => {
  const failure = await failureOf(promise);
  return failure instanceof Fault ? failure.message : `not a fault: ${failure}`;
};

interface Expected {
  tensors: Record<string, { dtype: string; shape: number[]; sha256: string; sum: number }>;
}

describe('GGUF', () => {
  it.each(GOOD)('reads every value of %s.gguf as the gguf package and numpy do', async (name) => {
    const { tensors }: Expected = JSON.parse(
      readFileSync(join(FOLDER, `${name}.gguf.expected.json`), 'utf8'),
    );
    const file = await openGood(name);
    const readable = [...file.tensors.values()].filter(({ unreadable }) => unreadable === undefined);
    expect(readable.map((entry) => entry.name).sort()).toEqual(Object.keys(tensors).sort());
    for (const [key, { dtype, shape, sha256 }] of Object.entries(tensors)) {
      expect(file.tensors.get(key)).toMatchObject({ name: key, dtype, shape });
      const { data, shape: found } = await file.read(key);
      expect([key, found, digest(data)]).toEqual([key, shape, sha256]);
    }
  });

  it.each(['little', 'big'])('keeps metadata of %s.gguf as short text', async (name) => {
    const { metadata } = await openGood(name);
    expect(Object.fromEntries(metadata)).toEqual({
      'general.architecture': 'test',
      'general.name': `Größe ${'x'.repeat(193)}…`,
      'tokenizer.ggml.tokens': '["<s>", "a\\n", "ü", … (5 in all)]',
      'test.pair': '[1, 2]',
      'test.epsilon': '0.00001',
      'test.double': '0.1',
      'test.flag': 'true',
      'test.wide': '9223372036854775808',
      'test.small': '-3',
      'general.alignment': '64',
    });
  });

  it('reads lists of lists', async () => {
    const { metadata } = await openGood('version1');
    expect(metadata.get('nested')).toBe('[[1, 2], ["x"]]');
  });

  it('reads quantised tensors as float32 and keeps the name of the quantisation', async () => {
    const file = await openGood('little');
    expect(file.format).toBe('GGUF');
    expect(file.tensors.get('q4_k')).toEqual({
      name: 'q4_k',
      dtype: 'Q4_K',
      shape: [3, 512],
      bytes: 3 * 2 * 144,
    });
    expect((await file.read('q4_k')).dtype).toBe('float32');
    expect((await file.read('bf16')).dtype).toBe('bfloat16');
  });

  it('lists quantisations that it does not read, with the reason', async () => {
    const file = await openGood('little');
    expect(file.tensors.get('not.read.IQ2_XS')).toEqual({
      name: 'not.read.IQ2_XS',
      dtype: 'IQ2_XS',
      shape: [1, 256],
      bytes: 74,
      unreadable: 'is quantised as IQ2_XS, which is not read here',
    });
    expect(await messageOf(file.read('not.read.IQ2_XS'))).toBe(
      'FILE, entry "not.read.IQ2_XS": is quantised as IQ2_XS, which is not read here. Convert it to F16 or Q8_0.',
    );
    expect(await messageOf(file.read('none'))).toBe('FILE: has no tensor "none". Use one of its tensors.');
  });

  it('lists tensors of types that came later', async () => {
    const bytes = Buffer.from(bytesOf('version2.gguf'));
    const entry = Buffer.concat([Buffer.from('scalar'), Buffer.alloc(4)]);
    bytes.writeUInt32LE(99, bytes.indexOf(entry) + entry.length);
    expect((await openBytes(bytes)).tensors.get('scalar')).toEqual({
      name: 'scalar',
      dtype: 'type 99',
      shape: [],
      bytes: 4,
      unreadable: 'is of ggml type 99, which is not known here',
    });
  });

  it('knows its files by their first bytes', async () => {
    for (const [head, isMine] of [
      ['GGUF\x03\0\0\0', true],
      ['GGUF', true],
      ['GGU', false],
      ['', false],
      ['GGML', false],
    ] as const) {
      const bytes = new Uint8Array(Buffer.from(head, 'latin1'));
      expect(await GGUF.isMine(bytes, memorySource(bytes))).toBe(isMine);
    }
  });
});

describe('GGUF, hostile', () => {
  const cases: { file: string; message: string }[] = JSON.parse(
    readFileSync(join(FOLDER, 'hostile.json'), 'utf8'),
  );

  it.each(cases)('refuses $file', async ({ file, message }) => {
    expect(await messageOf(openBytes(bytesOf(file)))).toBe(message);
  });

  it('has a message for each file', () => {
    const files = readdirSync(join(FOLDER, 'hostile')).map((file) => `hostile/${file}`);
    expect(cases.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  it('closes what it could not open', async () => {
    let closed = 0;
    const close = async () => void closed++;
    const source = { ...memorySource(bytesOf('hostile/version4.gguf')), close };
    await failureOf(GGUF.open(source, noSibling));
    expect(closed).toBe(1);
  });

  const isRefused = (failure: unknown) => expect(failure, String(failure)).toBeInstanceOf(Fault);
  const readAll = async (file: Checkpoint) => {
    for (const { name, unreadable } of file.tensors.values()) {
      const failure = await failureOf(file.read(name));
      if (unreadable !== undefined || failure !== null) isRefused(failure);
    }
  };

  it('refuses a file cut off at any byte', async () => {
    for (const name of ['version1', 'version2']) {
      const bytes = bytesOf(`${name}.gguf`);
      for (let end = 0; end < bytes.length; end++) isRefused(await failureOf(openBytes(bytes.slice(0, end))));
    }
  });

  it('opens or refuses files with any bytes changed', async () => {
    let state = 12345;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let opened = 0;
    for (let round = 0; round < 800; round++) {
      const bytes = bytesOf(`${GOOD[round % GOOD.length]}.gguf`);
      const header = Math.min(bytes.length, 2200);
      for (let change = 1 + next(4); change > 0; change--)
        bytes[next(header)] = [0, 1, 255, next(256)][next(4)];
      try {
        await readAll(await openBytes(bytes));
        opened++;
      } catch (error) {
        isRefused(error);
      }
    }
    expect(opened).toBeGreaterThan(50);
    expect(opened).toBeLessThan(750);
  });
});

describe('GGUF, large', () => {
  const number = (value: number, bytes: 4 | 8) => {
    const field = Buffer.alloc(bytes);
    field.writeUInt32LE(value);
    return field;
  };

  it('refuses a list of more lists than any file has', async () => {
    const empty = Buffer.concat([number(9, 4), number(0, 8)]);
    const count = 100_000;
    const start = [Buffer.from('GGUF'), number(3, 4), number(0, 8), number(1, 8)];
    const list = [number(1, 8), Buffer.from('k'), number(9, 4), number(9, 4), number(count, 8)];
    const bytes = Buffer.concat([...start, ...list, Buffer.alloc(count * 12, empty)]);
    expect(await messageOf(openBytes(bytes))).toMatch(
      /^FILE, byte 786469: has more than 65536 lists in its metadata/,
    );
  });

  it('refuses more tensors than any model has, unread', async () => {
    const bytes = Buffer.concat([
      Buffer.from('GGUF'),
      number(3, 4),
      number(70_000, 8),
      Buffer.alloc(70_000 * 24),
    ]);
    expect(await messageOf(openBytes(bytes))).toMatch(
      /^FILE, byte 8: has 70000 tensors, above the limit of 65536/,
    );
  });

  const folder = mkdtempSync(join(tmpdir(), 'gguf-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const headerOf = (extents: readonly bigint[], kind: number) => {
    const fields = Buffer.alloc(24 + 8 + 1 + 4 + 8 * extents.length + 12);
    fields.write('GGUF');
    fields.writeUInt32LE(3, 4);
    fields.writeBigUInt64LE(1n, 8);
    fields.writeBigUInt64LE(1n, 24);
    fields.write('a', 32);
    fields.writeUInt32LE(extents.length, 33);
    extents.forEach((extent, i) => void fields.writeBigUInt64LE(extent, 37 + 8 * i));
    fields.writeUInt32LE(kind, 37 + 8 * extents.length);
    return fields;
  };

  it('opens a file of 20 GB from its header, and refuses values that no array holds', async () => {
    const path = join(folder, 'large.gguf');
    writeFileSync(path, headerOf([256n, 2n ** 28n], 10));
    truncateSync(path, 96 + 84 * 2 ** 28);
    const source = await fileSource(path);
    let bytesRead = 0;
    const read: typeof source.read = (offset, length) => {
      bytesRead += length;
      return source.read(offset, length);
    };
    const file = await GGUF.open({ ...source, read, readInto: undefined }, noSibling);
    expect(bytesRead).toBeLessThan(2 ** 20);
    expect(file.tensors.get('a')).toMatchObject({ shape: [2 ** 28, 256], bytes: 84 * 2 ** 28 });
    expect(await messageOf(file.read('a'))).toBe(
      `${path}, entry "a": has more values than fit in memory. Split the tensor.`,
    );
    await file.close();
  });

  it('opens a vocabulary of half a million tokens fast', async () => {
    const token = Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0xe2, 0x82, 0xac, 0x21]);
    const count = 500_000;
    const head = Buffer.alloc(24 + 8 + 1 + 4 + 4 + 8);
    head.write('GGUF');
    head.writeUInt32LE(3, 4);
    head.writeBigUInt64LE(1n, 16);
    head.writeBigUInt64LE(1n, 24);
    head.write('v', 32);
    head.writeUInt32LE(9, 33);
    head.writeUInt32LE(8, 37);
    head.writeBigUInt64LE(BigInt(count), 41);
    const bytes = Buffer.concat([head, Buffer.alloc(count * token.length, token)]);
    const before = process.cpuUsage();
    const { metadata } = await openBytes(bytes);
    // Takes a tenth of a second; quadratic work would take many minutes.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
    expect(metadata.get('v')).toBe(`["€!", "€!", "€!", … (${count} in all)]`);
  });
});

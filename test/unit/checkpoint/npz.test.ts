import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { type NpyArray, npzStream, openCheckpoint, readNpz } from '../../../src/checkpoint/index.ts';
import { writeAtomically } from '../../../src/disk/index.ts';
import fixture from './fixtures/npz.json' with { type: 'json' };
import { encodeNpy, encodeNpz } from './npyFiles.ts';
import { faultOf, fromBase64, scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const place = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const bytesOf = { stored: fromBase64(fixture.files.stored), deflated: fromBase64(fixture.files.deflated) };
const faultFor = (bytes: Uint8Array) => faultOf(readNpz(place('bad.npz', bytes)));

const numbers: NpyArray = { dtype: 'float64', shape: [3], data: new Float64Array([1, 2, 3]) };

const zipOf = async (entries: readonly [string, Uint8Array][], compress = false): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, bytes] of entries) zip.addBuffer(Buffer.from(bytes), name, { compress });
  zip.end();
  const parts: Uint8Array[] = [];
  for await (const part of zip.outputStream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
};

/** Where the central directory's record of the first entry starts. */
const centralRecord = (zip: Buffer): number => zip.indexOf('PK\x01\x02', 0, 'latin1');

describe('readNpz', () => {
  it.each(['stored', 'deflated'] as const)(
    'reads what numpy wrote (%s, zip64 local headers)',
    async (kind) => {
      const arrays = await readNpz(place(`${kind}.npz`, bytesOf[kind]));
      expect([...arrays.keys()]).toEqual(Object.keys(fixture.arrays));
      for (const [name, expected] of Object.entries(fixture.arrays)) {
        const array = arrays.get(name) as NpyArray;
        expect({
          dtype: array.dtype,
          shape: array.shape,
          values: Array.from(array.data as ArrayLike<unknown>),
        }).toEqual(expected);
      }
    },
  );

  it('gives a fault for every truncation', async () => {
    const whole = await zipOf([['x.npy', encodeNpy(numbers)]], true);
    for (let length = 0; length < whole.length; length++) await faultFor(whole.subarray(0, length));
  });

  it('gives an array or a fault when any byte is changed', async () => {
    const whole = await zipOf([['x.npy', encodeNpy(numbers)]], true);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 0xff;
      await readNpz(place('bad.npz', changed)).then(
        (arrays) => expect([...arrays.values()]).toEqual([numbers]),
        (error: Error) => expect(error.name).toBe('Fault'),
      );
    }
  });

  it('names the entry whose bytes were damaged', async () => {
    const zip = await zipOf([['x.npy', encodeNpy(numbers)]]);
    zip[zip.indexOf('NUMPY') + 6 + 120] ^= 1;
    expect((await faultFor(zip)).message).toBe(
      `${join(folder, 'bad.npz')}, entry "x.npy": does not match its checksum. The file is damaged or not a zip archive: fetch or save it again.`,
    );
  });

  it('refuses a claim that deflate cannot keep, before allocating it', async () => {
    const zip = await zipOf([['x.npy', encodeNpy(numbers)]], true);
    zip.writeUInt32LE(0xf0000000, centralRecord(zip) + 24);
    expect((await faultFor(zip)).what).toMatch(/^claims to inflate from \d+ to 4026531840 bytes/);
  });

  it('refuses an entry that inflates to more or less than it claims', async () => {
    for (const difference of [-1, 1]) {
      const zip = await zipOf([['x.npy', encodeNpy(numbers)]], true);
      const at = centralRecord(zip) + 24;
      zip.writeUInt32LE(zip.readUInt32LE(at) + difference, at);
      expect((await faultFor(zip)).what).toMatch(/^inflates to (more than the )?\d+ bytes/);
    }
  });

  it('refuses what is no array, a name that is there twice, and what is no zip', async () => {
    expect((await faultFor(await zipOf([['notes.txt', Buffer.from('hello')]]))).message).toContain(
      'entry "notes.txt": is not an .npy array',
    );
    const twice = await zipOf([
      ['x.npy', encodeNpy(numbers)],
      ['x.npy', encodeNpy(numbers)],
    ]);
    expect((await faultFor(twice)).message).toContain('entry "x.npy": occurs twice');
    expect((await faultFor(Buffer.from('not a zip'))).what).toMatch(/^is not a valid zip archive/);
    expect((await faultOf(readNpz(join(folder, 'none.npz')))).what).toBe('there is no such file');
  });

  it('reads an array under the name that it has, whatever that is, and so does the checkpoint', async () => {
    const name = '../../../x';
    const zip = await zipOf([['n'.repeat(name.length + 4), encodeNpy(numbers)]]);
    const renamed = zip.toString('latin1').replaceAll('n'.repeat(name.length + 4), `${name}.npy`);
    const path = place('odd.npz', Buffer.from(renamed, 'latin1'));
    expect(await readNpz(path)).toEqual(new Map([[name, numbers]]));
    const checkpoint = await openCheckpoint(path);
    try {
      expect([...checkpoint.tensors.keys()]).toEqual([name]);
      expect([...(await checkpoint.read(name)).data]).toEqual([1, 2, 3]);
    } finally {
      await checkpoint.close();
    }
  });

  it('names the byte inside the entry', async () => {
    const zip = await zipOf([['x.npy', encodeNpy(numbers).subarray(0, 140)]]);
    expect((await faultFor(zip)).message).toContain('bad.npz, entry "x.npy", byte 128: is cut off');
  });
});

describe('writing npz', () => {
  const arrays = new Map<string, NpyArray>([
    ['embedding', { dtype: 'float32', shape: [2, 2], data: new Float32Array([1, -2, 3.5, 0]) }],
    ['label', { dtype: 'int64', shape: [2], data: new Float64Array([7, -9]) }],
    ['name', { dtype: 'string', shape: [2], data: ['tops', 'Füße'] }],
  ]);
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await encodeNpz(arrays);
  });

  it('reads back as it was', async () => {
    expect(await readNpz(place('own.npz', bytes))).toEqual(arrays);
  });

  it('stores each array as the bytes of its own .npy file', () => {
    for (const array of arrays.values())
      expect(Buffer.from(bytes).includes(Buffer.from(encodeNpy(array)))).toBe(true);
  });

  it('gives the same bytes every time, as a stream too', async () => {
    const parts: Uint8Array[] = [];
    for await (const part of npzStream(arrays)) parts.push(part);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  const data = Float32Array.from({ length: 12 }, (_, at) => at / 3);
  const inBlocks = (cuts: readonly number[]) => ({
    dtype: 'float32' as const,
    shape: [4, 3],
    async *blocks() {
      for (const [at, from] of cuts.entries()) yield data.slice(from, cuts[at + 1] ?? data.length);
    },
  });

  it('gives an array in blocks the bytes that it has in one piece', async () => {
    const whole = await encodeNpz(new Map([['rows', { dtype: 'float32', shape: [4, 3], data }]]));
    for (const cuts of [[0], [0, 3], [0, 1, 2, 11]]) {
      const stream = npzStream(new Map([['rows', inBlocks(cuts)]]));
      expect(Buffer.concat(await Readable.from(stream).toArray())).toEqual(whole);
    }
  });

  it.each<[string, () => AsyncGenerator<Float32Array>, string]>([
    [
      'cannot be read',
      async function* () {
        yield data.slice(0, 3);
        throw new Error('the disk is gone');
      },
      'the disk is gone',
    ],
    [
      'are too few',
      async function* () {
        yield data.slice(0, 3);
      },
      'the shape [4, 3] has 9 more elements',
    ],
  ])('leaves no file of blocks that %s', async (_, blocks, words) => {
    const path = join(folder, 'half.npz');
    const stream = npzStream(new Map([['rows', { ...inBlocks([0]), blocks }]]));
    await expect(writeAtomically(path, stream)).rejects.toThrow(words);
    expect(readdirSync(folder).filter((name) => name.includes('half') || name.endsWith('.tmp'))).toEqual([]);
  });
});

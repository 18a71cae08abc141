import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../../../src/checkpoint/bytes/zip.ts';
import { Fault } from '../../../src/protocol/index.ts';
import { faultOf } from './scratch.ts';

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const WORDS = text('so many words '.repeat(400));

interface Written {
  readonly name: string;
  readonly bytes: Buffer;
  readonly compress: boolean;
}
const written: readonly Written[] = [
  { name: 'folder/stored.bin', bytes: text('stored as it is'), compress: false },
  { name: 'folder/deflated.txt', bytes: WORDS, compress: true },
  { name: 'empty', bytes: Buffer.alloc(0), compress: false },
];

/** An archive written by another library, with or without zip64 records. */
const zipOf = async (entries: readonly Written[], forceZip64Format = false): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const { name, bytes, compress } of entries) zip.addBuffer(bytes, name, { compress, forceZip64Format });
  zip.end({ forceZip64Format, comment: '' });
  const parts: Uint8Array[] = [];
  for await (const part of zip.outputStream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
};

const open = (bytes: Uint8Array) => openZip(memorySource(bytes, 'FILE'));
const firstOf = async (bytes: Uint8Array): Promise<ZipEntry> => [...(await open(bytes)).values()][0];

/** The archive with another value at `offset` of the central directory's record number `index`. */
const patched = (zip: Buffer, index: number, offset: number, value: number, size: 1 | 2 | 4): Buffer => {
  const changed = Buffer.from(zip);
  let at = -1;
  for (let i = 0; i <= index; i++) at = changed.indexOf('PK\x01\x02', at + 1, 'latin1');
  changed.writeUIntLE(value, at + offset, size);
  return changed;
};

describe('openZip', () => {
  it.each([false, true])('lists and reads the entries (zip64: %s)', async (zip64) => {
    const bytes = await zipOf(written, zip64);
    const entries = await open(bytes);
    expect([...entries.keys()]).toEqual(written.map(({ name }) => name));
    for (const { name, bytes: contents, compress } of written) {
      const entry = entries.get(name) as ZipEntry;
      expect(Buffer.from(await entry.read()).equals(contents)).toBe(true);
      expect(entry.size).toBe(contents.length);
      expect(entry.stored).toBe(!compress);
      const begin = await entry.begin();
      const raw = compress ? deflateRawSync(contents) : contents;
      expect(entry.compressedSize).toBe(raw.length);
      expect(bytes.subarray(begin, begin + raw.length).equals(raw)).toBe(true);
    }
  });

  it('reads the directory in few reads', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      name: `archive/data/${i}`,
      bytes: text(String(i)),
      compress: false,
    }));
    const source = memorySource(await zipOf(many), 'FILE');
    let reads = 0;
    const counted = {
      ...source,
      read: (offset: number, length: number) => {
        reads++;
        return source.read(offset, length);
      },
    };
    const entries = await openZip(counted);
    expect(entries.size).toBe(2000);
    expect(reads).toBeLessThan(6);
    expect(text('1999').equals(await (entries.get('archive/data/1999') as ZipEntry).read())).toBe(true);
  });

  it('reads of a local header what is needed', async () => {
    const source = memorySource(await zipOf(written), 'FILE');
    const lengths: number[] = [];
    const watched = {
      ...source,
      read: (offset: number, length: number) => {
        lengths.push(length);
        return source.read(offset, length);
      },
    };
    const entries = await openZip(watched);
    lengths.length = 0;
    for (const entry of entries.values()) await entry.begin();
    expect(lengths).toEqual([30, 30, 30]);
  });

  it('reads the directory once, whoever asks', async () => {
    const source = memorySource(await zipOf(written), 'FILE');
    expect(await openZip(source)).toBe(await openZip(source));
  });

  it('gives the contents of an entry by range, and nothing of one that is damaged', async () => {
    const bytes = await zipOf(written);
    for (const { name, bytes: contents } of written) {
      const found = await ((await open(bytes)).get(name) as ZipEntry).contents(2 ** 20);
      expect(found.size).toBe(contents.length);
      const part = await found.read(2, Math.max(0, contents.length - 4));
      expect(contents.subarray(2, Math.max(2, contents.length - 2)).equals(part)).toBe(true);
    }
    const damaged = Buffer.from(bytes);
    damaged[damaged.indexOf('stored as it is')] ^= 1;
    expect((await faultOf((await firstOf(damaged)).contents(0))).message).toBe(
      'FILE, entry "folder/stored.bin": does not match its checksum. The file is damaged or not a zip archive: fetch or save it again.',
    );
  });

  it('inflates no more than is asked for', async () => {
    const entry = (await open(await zipOf(written))).get('folder/deflated.txt') as ZipEntry;
    expect((await faultOf(entry.contents(100))).message).toBe(
      'FILE, entry "folder/deflated.txt": is compressed and takes 5600 bytes, above the limit of 100 for inflating it. Save the file again without compression.',
    );
  });

  // The literal names that Python's zipfile reports for such archives.
  it.each([
    '../../x.npy',
    '/etc/x1.npy',
    'C:/dir/.npy',
    '..\\..\\x.npy',
    'a\0b\0cde.npy',
    '__proto__/x',
    'a//./..///b',
  ])('takes the name %j as it is written', async (name) => {
    const zip = await zipOf([{ name: 'n'.repeat(11), bytes: text('contents'), compress: false }]);
    const renamed = text(zip.toString('latin1').replaceAll('n'.repeat(11), name));
    expect(renamed.length).toBe(zip.length);
    const entries = await open(renamed);
    expect([...entries.keys()]).toEqual([name]);
    expect(text('contents').equals(await (entries.get(name) as ZipEntry).read())).toBe(true);
  });

  it('refuses a name that is there twice, and says which', async () => {
    const zip = await zipOf(['a', 'b'].map((name) => ({ name, bytes: text(name), compress: false })));
    const twice = patched(zip, 1, 46, 'a'.charCodeAt(0), 1);
    expect((await faultOf(open(twice))).message).toBe(
      'FILE, entry "a": occurs twice. The file is damaged or not a zip archive: fetch or save it again.',
    );
  });

  it('refuses more entries than the file has room for', async () => {
    const zip = await zipOf(written);
    const end = zip.indexOf('PK\x05\x06', 0, 'latin1');
    zip.writeUInt16LE(60_000, end + 10);
    const fault = await faultOf(open(zip));
    expect(fault.message).toBe(
      `FILE: claims 60000 entries in ${zip.length} bytes. The file is damaged or not a zip archive: fetch or save it again.`,
    );
  });

  it('refuses entries that together are longer than the file', async () => {
    const zip = await zipOf([
      { name: 'a', bytes: text('a'.repeat(600)), compress: false },
      { name: 'b', bytes: text('b'.repeat(600)), compress: false },
    ]);
    const longer = patched(patched(zip, 0, 20, 900, 4), 0, 24, 900, 4);
    expect((await faultOf(open(longer))).message).toBe(
      'FILE, entry "b": overlaps other entries: together they are longer than the file. The file is damaged or not a zip archive: fetch or save it again.',
    );
  });

  it('inflates no further than an entry claims', async () => {
    const zip = await zipOf([{ name: 'bomb', bytes: Buffer.alloc(50_000_000), compress: true }]);
    const entry = await firstOf(patched(zip, 0, 24, 1000, 4));
    const before = process.memoryUsage().arrayBuffers;
    expect((await faultOf(entry.read())).what).toBe('inflates to more than the 1000 bytes that it claims');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('refuses a local header that is not there', async () => {
    const zip = await zipOf(written);
    zip.write('XX', 0, 'latin1');
    expect((await faultOf((await firstOf(zip)).begin())).message).toBe(
      'FILE, entry "folder/stored.bin": is not a valid zip archive (invalid local file header signature: 0x4035858). The file is damaged or not a zip archive: fetch or save it again.',
    );
  });

  it('gives a fault for every truncation', async () => {
    const whole = await zipOf(written, true);
    for (let length = 0; length < whole.length; length += 3) await faultOf(open(whole.subarray(0, length)));
  });

  it('opens and reads, or gives a fault, when any byte is changed', async () => {
    const whole = await zipOf(written, true);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= at % 2 === 0 ? 0xff : 0x01;
      try {
        for (const entry of (await open(changed)).values()) await entry.read();
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }
  });
});

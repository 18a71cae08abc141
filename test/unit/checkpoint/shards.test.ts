import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeSafetensors, openCheckpoint, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { faultOf, scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
let count = 0;
let folder: string;
beforeEach(() => {
  folder = join(scratch, `set${count++}`);
  mkdirSync(folder);
});

const number = (value: number): StoredTensor => ({
  dtype: 'float32',
  shape: [1],
  data: new Float32Array([value]),
});
const shard = (file: string, tensors: Record<string, number>): void => {
  const map = new Map(Object.entries(tensors).map(([name, value]) => [name, number(value)]));
  writeFileSync(join(folder, file), encodeSafetensors(map, { format: 'pt' }));
};
const index = (files: Record<string, string>, rest: object = {}): string => {
  const path = join(folder, 'model.safetensors.index.json');
  writeFileSync(path, JSON.stringify({ ...rest, weight_map: files }));
  return path;
};
const messageOf = async (path: string) =>
  (await faultOf(openCheckpoint(path))).message.replaceAll(folder, 'FOLDER');
const AGAIN = 'Fetch the whole set again, all files of one revision.';

describe('a sharded checkpoint', () => {
  it('is one checkpoint: tensors of all shards, metadata of the index', async () => {
    shard('1.safetensors', { a: 1, b: 2 });
    shard('2.safetensors', { c: 3 });
    const path = index(
      { c: '2.safetensors', a: '1.safetensors', b: '1.safetensors' },
      { metadata: { total_size: 12, note: 'x', deep: { is: ['not', 'kept'] } } },
    );
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint).toMatchObject({ path, format: 'safetensors in 2 shards' });
    expect([...checkpoint.metadata]).toEqual([
      ['format', 'pt'],
      ['total_size', '12'],
      ['note', 'x'],
    ]);
    for (const [name, value] of Object.entries({ a: 1, b: 2, c: 3 }))
      expect((await checkpoint.read(name)).data).toEqual(new Float32Array([value]));
    expect((await faultOf(checkpoint.read('d'))).what).toBe('has no tensor "d"');
    await checkpoint.close();
  });

  it('lists what the index does not, and of two with one name the one that it lists', async () => {
    shard('1.safetensors', { a: 1, extra: 5, both: 6 });
    shard('2.safetensors', { a: 2, both: 7, c: 3 });
    const checkpoint = await openCheckpoint(index({ c: '2.safetensors', a: '1.safetensors' }));
    expect([...checkpoint.tensors.keys()].sort()).toEqual(['a', 'both', 'c', 'extra']);
    expect((await checkpoint.read('a')).data[0]).toBe(1);
    expect((await checkpoint.read('extra')).data[0]).toBe(5);
    await checkpoint.close();
  });

  it('takes an index with a byte order mark', async () => {
    shard('1.safetensors', { a: 1 });
    const path = join(folder, 'mark.index.json');
    writeFileSync(path, '\ufeff{"weight_map":{"a":"1.safetensors"}}');
    const checkpoint = await openCheckpoint(path);
    expect([...checkpoint.tensors.keys()]).toEqual(['a']);
    await checkpoint.close();
  });

  it('names every missing shard in one fault', async () => {
    shard('1.safetensors', { a: 1 });
    const path = index({ a: '1.safetensors', b: '2.safetensors', c: '3.safetensors' });
    expect(await messageOf(path)).toBe(
      `FOLDER/model.safetensors.index.json: lacks 2 of its 3 shards: "2.safetensors", "3.safetensors". ${AGAIN}`,
    );
  });

  it('says which tensor is not where the index puts it', async () => {
    shard('1.safetensors', { a: 1 });
    shard('2.safetensors', { b: 1 });
    expect(await messageOf(index({ a: '1.safetensors', b: '1.safetensors', c: '2.safetensors' }))).toBe(
      `FOLDER/model.safetensors.index.json: puts tensor "b" into "1.safetensors", which has none. ${AGAIN}`,
    );
  });

  it('passes on what is wrong with a shard', async () => {
    shard('1.safetensors', { a: 1 });
    writeFileSync(join(folder, '2.safetensors'), '');
    expect(await messageOf(index({ a: '1.safetensors', b: '2.safetensors' }))).toBe(
      'FOLDER/2.safetensors: is empty. Fetch or save it again.',
    );
  });

  it('opens a shard alone', async () => {
    shard('1.safetensors', { a: 1 });
    index({ a: '1.safetensors', b: '2.safetensors' });
    const checkpoint = await openCheckpoint(join(folder, '1.safetensors'));
    expect([...checkpoint.tensors.keys()]).toEqual(['a']);
    await checkpoint.close();
  });

  it.each([
    ['{"weight_map":{"a":1}}', 'byte 19: has a header in which the file of tensor "a" is expected'],
    ['{"weight_map":{"a":"x","a":"y"}}', 'byte 23: has the key "a" twice in its header'],
    ['{"x":{"weight_map":{}}}', 'byte 0: has no weight_map'],
    ['{"weight_map":{}', "byte 16: has a header in which ',' or '}' is expected"],
  ])('refuses the index %s', async (text, what) => {
    const path = join(folder, 'i.index.json');
    writeFileSync(path, text);
    expect(await messageOf(path)).toBe(
      `FOLDER/i.index.json, ${what}. The index is damaged: fetch or save it again.`,
    );
  });

  it('gives a checkpoint or a fault when any byte of the index is changed', async () => {
    shard('1.safetensors', { a: 1 });
    const path = index({ a: '1.safetensors' }, { metadata: { total_size: 4 } });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x22, 0x5b, 0x7d, whole[at] ^ 1, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = value;
        writeFileSync(path, changed);
        await openCheckpoint(path).then(
          (checkpoint) => checkpoint.close(),
          (error: Error) => expect(error.name).toBe('Fault'),
        );
      }
    }
  });
});

describe('what a checkpoint may open beside itself', () => {
  it.each([
    ['../secret', "leaves the checkpoint's folder"],
    ['a/../../secret', "leaves the checkpoint's folder"],
    ['/etc/passwd', 'is absolute'],
    ['..\\secret', 'holds a backslash'],
    ['C:secret', 'holds a colon, as a URL or a drive does'],
    ['file:///etc/passwd', 'holds a colon, as a URL or a drive does'],
    ['a\0b', 'holds a NUL character'],
    ['', 'is empty'],
  ])('not %j', async (name, problem) => {
    expect(await messageOf(index({ a: name }))).toBe(
      `FOLDER/model.safetensors.index.json: names the file ${JSON.stringify(name)}, which ${problem}. ` +
        'Keep the files of a checkpoint together in one folder, named relative to it.',
    );
  });

  it('not through a link to outside, of a file or of a folder', async () => {
    const outside = join(scratch, `outside${count}`);
    mkdirSync(outside);
    shard('x', { a: 1 });
    renameSync(join(folder, 'x'), join(outside, 'x'));
    symlinkSync(join(outside, 'x'), join(folder, 'file'));
    symlinkSync(outside, join(folder, 'linked'));
    for (const name of ['file', 'linked/x']) {
      expect(await messageOf(index({ a: name }))).toContain(
        `names the file "${name}", a link to outside of the checkpoint's folder`,
      );
    }
  });

  it('not the folder itself, nor another folder', async () => {
    mkdirSync(join(folder, 'sub'));
    expect(await messageOf(index({ a: '.' }))).toContain("a link to outside of the checkpoint's folder");
    expect(await messageOf(index({ a: 'sub' }))).toContain('FOLDER/sub: is not a file');
  });

  it('a file of a folder below, and a link within the folder', async () => {
    mkdirSync(join(folder, 'sub'));
    shard('sub/x', { a: 1 });
    symlinkSync(join(folder, 'sub/x'), join(folder, 'link'));
    for (const name of ['sub/x', 'link']) await (await openCheckpoint(index({ a: name }))).close();
  });

  it('a link to where the checkpoint itself leads, as the Hugging Face cache has them', async () => {
    mkdirSync(join(folder, 'blobs'));
    mkdirSync(join(folder, 'snapshot'));
    shard('blobs/123', { a: 1 });
    renameSync(index({ a: 'model.safetensors' }), join(folder, 'blobs/456'));
    symlinkSync('../blobs/123', join(folder, 'snapshot/model.safetensors'));
    symlinkSync('../blobs/456', join(folder, 'snapshot/model.safetensors.index.json'));
    const checkpoint = await openCheckpoint(join(folder, 'snapshot/model.safetensors.index.json'));
    expect((await checkpoint.read('a')).data).toEqual(new Float32Array([1]));
    await checkpoint.close();
  });
});

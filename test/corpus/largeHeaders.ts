import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LargeFile } from './largeFiles.ts';

const MEGA = 1e6;
const KEPT = 'lists more than fits into 68 MiB of memory';

/** A file of `size` bytes that begins with these; the rest takes no disk space. */
export const sized = (path: string, start: Uint8Array, size: number): void => {
  const file = openSync(path, 'w');
  writeSync(file, start);
  ftruncateSync(file, size);
  closeSync(file);
};

const withLength = (header: string): Uint8Array => {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
};

const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(',');

const tensor = (name: string): string => `"${name}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`;

const safetensors = (name: string, header: () => string, says: string): LargeFile => ({
  name: `${name}.safetensors`,
  write: (folder) => writeFileSync(join(folder, `${name}.safetensors`), withLength(header())),
  says,
});

const json = (name: string, text: () => string, says: string): LargeFile => ({
  name,
  write: (folder) => writeFileSync(join(folder, name), text()),
  says,
});

const INDEX = 'model.safetensors.index.json';

/** Each shard alone is a valid file. */
const writeSet = (folder: string): void => {
  const shards = ['a', 'b'].map((shard) => `${shard}.safetensors`);
  for (const shard of shards) {
    const header = `{${many(150_000, (i) => tensor(`${shard}.layers.${i}.self_attn.q_proj.weight`))}}`;
    writeFileSync(join(folder, shard), withLength(header));
  }
  writeFileSync(join(folder, INDEX), JSON.stringify({ weight_map: { x: shards[0], y: shards[1] } }));
};

/** Headers in JSON: safetensors, indices of shards, models of TensorFlow.js. */
export const LARGE_HEADERS: readonly LargeFile[] = [
  safetensors(
    'text',
    () => `{"__metadata__":{"a":"${'x'.repeat(90 * MEGA)}"},`,
    'has a header in which a key in double quotes is expected',
  ),
  // One character beyond latin-1 makes each of these names take twice as much.
  safetensors('names', () => `{${many(199_999, (i) => tensor(`Ā${i}`.padEnd(300, 'x')))}`, KEPT),
  safetensors(
    'shape',
    () => `{"a":{"dtype":"U8","shape":[0${',1'.repeat(40 * MEGA)}`,
    'has one part of more than 32768 bytes in its header',
  ),
  safetensors(
    'key',
    () => `{"${'€'.repeat(30 * MEGA)}`,
    'has one part of more than 32768 bytes in its header',
  ),
  {
    name: 'terabytes.safetensors',
    write: (folder) => sized(join(folder, 'terabytes.safetensors'), withLength('{"a":1}'), 2 ** 42),
    says: 'has a header in which tensor "a", a JSON object, is expected',
  },
  json(
    INDEX,
    () => `{"weight_map":{},"metadata":{"a":{${many(1.5 * MEGA, (i) => `"${i}":1`)}`,
    "has a header in which ',' or '}' is expected",
  ),
  { name: INDEX, write: writeSet, says: KEPT },
  json(
    'model.json',
    () => `{"weightsManifest":[],"userDefinedMetadata":{${many(1.3 * MEGA, (i) => `"${i}":1`)}`,
    "has a header in which ',' or '}' is expected",
  ),
];

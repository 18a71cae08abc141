import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from './archive.ts';

const MEGA = 1e6;

const lengthBefore = (header: string): Uint8Array => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header)]);
};

const member = (name: string, bytes: Uint8Array, stored = false) => ({ name, bytes, stored });

const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(',');

const tensor = (name: string): string => `"${name}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`;

/** An npy header of a MiB of blanks, which is as long as one may be. */
const blankHeader = (): Uint8Array => {
  const text = Buffer.from("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }".padEnd(2 ** 20));
  const start = Buffer.from('\x93NUMPY\x02\x00\0\0\0\0', 'latin1');
  start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, text]);
};

/** An ONNX message field of bytes: its number, its length, what it holds. */
const field = (number: number, bytes: Uint8Array): Uint8Array => {
  const head = [(number << 3) | 2];
  for (let left = bytes.length; ; left = Math.floor(left / 128)) {
    head.push(left < 128 ? left : (left % 128) | 128);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from(head), bytes]);
};

/** A pickle of `count` copies of an instruction, never closed. */
const pickle = (start: string, instruction: string, count: number): Uint8Array =>
  Buffer.from(`\x80\x02${start}${instruction.repeat(count)}`, 'latin1');

const torch = (data: Uint8Array): Uint8Array =>
  zipOf([
    member('archive/data.pkl', data, true),
    member('archive/version', Buffer.from('3\n'), true),
    member('archive/byteorder', Buffer.from('little'), true),
  ]);

const sized = (path: string, start: Uint8Array, size: number): void => {
  const file = openSync(path, 'w');
  writeSync(file, start);
  ftruncateSync(file, size);
  closeSync(file);
};

const keras = (config: string): Uint8Array =>
  zipOf([
    member('config.json', Buffer.from(config)),
    member('metadata.json', Buffer.from('{}')),
    member('model.weights.h5', Buffer.from('no'), true),
  ]);

/** Files that would take much memory if they were believed: what each does, and how to write it into a folder. */
export const LARGE_FILES: Readonly<Record<string, (folder: string) => void>> = {
  'text.safetensors': (folder) =>
    writeFileSync(
      join(folder, 'text.safetensors'),
      lengthBefore(`{"__metadata__":{"a":"${'x'.repeat(90 * MEGA)}"},`),
    ),
  'names.safetensors': (folder) =>
    writeFileSync(
      join(folder, 'names.safetensors'),
      lengthBefore(`{${many(199_999, (i) => tensor(`Ā${i}`.padEnd(300, 'x')))}`),
    ),
  'shape.safetensors': (folder) =>
    writeFileSync(
      join(folder, 'shape.safetensors'),
      lengthBefore(`{"a":{"dtype":"U8","shape":[0${',1'.repeat(40 * MEGA)}`),
    ),
  'terabytes.safetensors': (folder) =>
    sized(join(folder, 'terabytes.safetensors'), lengthBefore('{"a":1}'), 2 ** 42),
  'list.safetensors.index.json': (folder) =>
    writeFileSync(
      join(folder, 'list.safetensors.index.json'),
      `{"weight_map":{},"metadata":{"a":[${'1,'.repeat(16 * MEGA)}`,
    ),
  'keys/model.json': (folder) => {
    mkdirSync(join(folder, 'keys'));
    writeFileSync(
      join(folder, 'keys', 'model.json'),
      `{"weightsManifest":[],"userDefinedMetadata":{${many(MEGA, (i) => `"${i}":1`)}`,
    );
  },
  'blanks.npz': (folder) => {
    const blanks = blankHeader();
    const entries = Array.from({ length: 300 }, (_, i) => member(`${i}.npy`, blanks));
    writeFileSync(join(folder, 'blanks.npz'), zipOf([...entries, member('z.npy', Buffer.from('bad'), true)]));
  },
  'bomb.npz': (folder) =>
    writeFileSync(join(folder, 'bomb.npz'), zipOf([member('a.npy', Buffer.alloc(200 * MEGA))])),
  'lists.keras': (folder) =>
    writeFileSync(join(folder, 'lists.keras'), keras(`[${'[],'.repeat(5 * MEGA)}[]]`)),
  'lists.pt': (folder) => writeFileSync(join(folder, 'lists.pt'), torch(pickle('](', ']', 900_000))),
  'text.pt': (folder) =>
    writeFileSync(join(folder, 'text.pt'), torch(pickle('](', `S'${'\\x41'.repeat(250)}'\n`, 30_000))),
  'strings.gguf': (folder) => {
    const start = Buffer.alloc(53);
    start.write('GGUF', 0, 'latin1');
    start.writeUInt32LE(3, 4);
    start.writeBigUInt64LE(2n, 16); // pieces of metadata
    start.writeBigUInt64LE(1n, 24);
    start.write('a', 32, 'latin1');
    start.writeUInt32LE(9, 33); // a list
    start.writeUInt32LE(8, 37); // of texts
    start.writeBigUInt64LE(8_000_000n, 41);
    sized(join(folder, 'strings.gguf'), start, 64 * MEGA);
  },
  'tensors.onnx': (folder) => {
    const tensorOf = (index: number): Uint8Array =>
      field(
        5,
        Buffer.concat([Buffer.from([8, 0, 16, 1]), field(8, Buffer.from(`Ā${index}`.padEnd(160, 'x')))]),
      );
    const cutOff = field(5, Buffer.from([8]));
    const graph = Buffer.concat([...Array.from({ length: 99_999 }, (_, index) => tensorOf(index)), cutOff]);
    writeFileSync(join(folder, 'tensors.onnx'), Buffer.concat([Buffer.from([8, 8]), field(7, graph)]));
  },
  'terabytes.h5': (folder) =>
    sized(join(folder, 'terabytes.h5'), Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 2 ** 42),
  'pipe.pt': (folder) => void execFileSync('mkfifo', [join(folder, 'pipe.pt')]),
};

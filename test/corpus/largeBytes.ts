import { execFileSync } from 'node:child_process';

const uint16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

/** An npy file of version 2 with this dtype, whatever it is, and no elements. */
export const npyOf = (dtype: string): Uint8Array => {
  const header = Buffer.from(`{'descr': '${dtype}', 'fortran_order': False, 'shape': (0,), }\n`);
  return Buffer.concat([Buffer.from('\x93NUMPY\x02\x00', 'latin1'), uint32(header.length), header]);
};

/** A message field of protocol buffers: its number, its length, its contents. */
export const field = (number: number, bytes: Uint8Array): Uint8Array => {
  const head = [(number << 3) | 2];
  for (let left = bytes.length; ; left = Math.floor(left / 128)) {
    head.push(left < 128 ? left : (left % 128) | 128);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from(head), bytes]);
};

/** A zip64 archive of empty members, all at its beginning, whose central directory ends with a damaged record. */
export const zipOfNothing = (count: number): Uint8Array => {
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(22), uint16(5), uint16(0)]);
  const record = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.alloc(42)]);
  const records = Array.from({ length: count }, (_, index) => {
    const name = Buffer.from(`${index}.npy`);
    record.writeUInt16LE(name.length, 28);
    return Buffer.concat([record, name]);
  });
  const start = Buffer.concat([local, Buffer.from('0.npy')]);
  const directory = Buffer.concat([...records, Buffer.alloc(64, 1)]);
  const end = start.length + directory.length;
  return Buffer.concat([
    start,
    directory,
    Buffer.from('PK\x06\x06', 'latin1'),
    ...[uint64(44), uint16(45), uint16(45), uint32(0), uint32(0)],
    ...[uint64(count + 1), uint64(count + 1), uint64(directory.length), uint64(start.length)],
    Buffer.from('PK\x06\x07', 'latin1'),
    ...[uint32(0), uint64(end), uint32(1)],
    Buffer.from('PK\x05\x06', 'latin1'),
    ...[
      uint16(0),
      uint16(0),
      uint16(0xffff),
      uint16(0xffff),
      uint32(0xffffffff),
      uint32(0xffffffff),
      uint16(0),
    ],
  ]);
};

/** A GGUF file with `count` keys of one byte each, and then nothing. */
export const gguf = (count: number, key: (index: number) => string): Uint8Array => {
  const start = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(0), uint64(count)]);
  const values = Array.from({ length: count }, (_, index) => {
    const text = Buffer.from(key(index));
    return Buffer.concat([uint64(text.length), text, uint32(0), Buffer.alloc(1)]);
  });
  return Buffer.concat([start, ...values]);
};

const GROUPS = `
const { File, ready } = await import('h5wasm/node');
await ready;
const [, path, count] = process.argv;
const file = new File(path, 'w');
for (let i = 0; i < Number(count); i++) file.create_group('group' + i);
file.close();
`;

/** An HDF5 file with this many groups. The library runs in its own process, because it does not release its memory. */
export const groupsIn = (path: string, count: number): void => {
  execFileSync(process.execPath, ['--input-type=module', '-e', GROUPS, path, String(count)]);
};

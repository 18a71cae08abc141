import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from './archive.ts';
import type { LargeFile } from './largeFiles.ts';

const KEPT = 'lists more than fits into 68 MiB of memory';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A 4-byte integer as in a pickle. */
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const text = (value: string): Buffer => Buffer.concat([latin1('X'), uint32(value.length), latin1(value)]);

/** A pickle of `count` copies of some instructions, which does not end. */
const repeated = (start: string, instructions: string, count: number): Buffer =>
  latin1(`\x80\x02${start}${instructions.repeat(count)}`);

const archive = (name: string, pickle: () => Uint8Array, says: string): LargeFile => ({
  name,
  write: (folder) => {
    const members = [
      { name: 'archive/data.pkl', bytes: pickle(), stored: true },
      { name: 'archive/data/0', bytes: new Uint8Array(4), stored: true },
    ];
    writeFileSync(join(folder, name), zipOf(members));
  },
  says,
});

/** One tensor under tens of thousands of names, in nested dictionaries: long paths that share nothing. */
const wrapped = (): Buffer => {
  const storage = Buffer.concat([text('storage'), latin1('ctorch\nFloatStorage\n'), text('0'), text('cpu')]);
  const tensor = Buffer.concat([
    latin1('\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(('),
    storage,
    latin1('K\x01tQK\x00K\x01\x85K\x01\x85\x89)tRq\x000'),
  ]);
  const depth = 180;
  const names = Array.from({ length: 90_000 }, (_, i) => Buffer.concat([text(String(i)), latin1('h\x00')]));
  const inner = Buffer.concat([latin1('}('), ...names, latin1('u')]);
  const outer = Buffer.concat([latin1('}'), text('')]);
  return Buffer.concat([
    tensor,
    ...new Array(depth).fill(outer),
    inner,
    latin1('s'.repeat(depth)),
    latin1('.'),
  ]);
};

/** What torch.save wrote before version 1.6: magic number, protocol and facts, each as full as possible. */
const stream = (): Buffer => {
  const start = Buffer.from('80028a0a6cfc9c46f9206aa850192e80024de9032e', 'hex');
  const sound = (count: number) =>
    Buffer.concat([repeated(']', `X\x64\0\0\0\xc4\x80${'x'.repeat(98)}a`, count), latin1('.')]);
  return Buffer.concat([start, sound(200_000), sound(200_000)]);
};

/** Pickles of PyTorch, in current archives and in the earlier streams. */
export const LARGE_PICKLES: readonly LargeFile[] = [
  archive('lists.pt', () => repeated('](', ']Na', 490_000), KEPT),
  archive('strings.pt', () => repeated(']', 'X\x03\0\0\0abca', 1_990_000), KEPT),
  archive(
    'line.pt',
    () => latin1(`\x80\x02S'${'\\x41'.repeat(8_000_000)}'\n`),
    'has a line of more than 65536 bytes in its pickle',
  ),
  archive('wrapped.pt', wrapped, KEPT),
  {
    name: 'stream.pth',
    write: (folder) => writeFileSync(join(folder, 'stream.pth'), stream()),
    says: KEPT,
  },
];

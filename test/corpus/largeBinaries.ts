import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Member, zipOf } from './archive.ts';
import { field, gguf, groupsIn, npyOf, zipOfNothing } from './largeBytes.ts';
import type { LargeFile } from './largeFiles.ts';
import { sized } from './largeHeaders.ts';

const MEGA = 1e6;
const KEPT = 'lists more than fits into 68 MiB of memory';

const file = (name: string, bytes: () => Uint8Array, says: string): LargeFile => ({
  name,
  write: (folder) => writeFileSync(join(folder, name), bytes()),
  says,
});

const member = (name: string, bytes: Uint8Array, stored = false): Member => ({ name, bytes, stored });

const keras = (config: string): Uint8Array =>
  zipOf([
    member('config.json', Buffer.from(config)),
    member('metadata.json', Buffer.from('{}')),
    member('model.weights.h5', Buffer.from('no'), true),
  ]);

/** Tensors without elements, with long names, and one that is cut off. */
const onnx = (): Uint8Array => {
  const tensor = (index: number): Uint8Array => {
    const name = Buffer.from(`Ā${index}`.padEnd(160, 'x'));
    return field(5, Buffer.concat([Buffer.from([8, 0, 16, 1]), field(8, name)]));
  };
  const tensors = Array.from({ length: 99_999 }, (_, index) => tensor(index));
  const graph = Buffer.concat([...tensors, field(5, Buffer.from([8]))]);
  return Buffer.concat([Buffer.from([8, 8]), field(7, graph)]);
};

/** Archives, and formats of bytes. */
export const LARGE_BINARIES: readonly LargeFile[] = [
  file('entries.npz', () => zipOfNothing(199_999), 'is not a valid zip archive (invalid central directory'),
  file(
    'dtypes.npz',
    () => zipOf(Array.from({ length: 80 }, (_, i) => member(`${i}.npy`, npyOf('x'.repeat(2 ** 20 - 100))))),
    'has, with the arrays before it, more than 67108864 bytes of headers',
  ),
  file('bomb.npz', () => zipOf([member('a.npy', Buffer.alloc(100 * MEGA))]), 'is not an .npy file'),
  file(
    'lists.keras',
    () => keras(`[${'[],'.repeat(5 * MEGA)}[]]`),
    'lists more than fits into 16 MiB of memory',
  ),
  file(
    'weights.keras',
    () =>
      zipOf([
        member('config.json', Buffer.from('{}')),
        member('metadata.json', Buffer.from('{}')),
        member('model.weights.h5', Buffer.alloc(100 * MEGA)),
      ]),
    'is compressed and takes 100000000 bytes, above the limit of 33554432 for inflating it',
  ),
  file('keys.gguf', () => gguf(65_000, (i) => `Ā${i}`.padEnd(900, 'x')), KEPT),
  file('tensors.onnx', onnx, KEPT),
  {
    name: 'groups.h5',
    write: (folder) => groupsIn(join(folder, 'groups.h5'), 20_000),
    says: 'has more than 16384 groups and datasets',
  },
  {
    name: 'terabytes.h5',
    write: (folder) =>
      sized(join(folder, 'terabytes.h5'), Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 2 ** 42),
    says: 'is not a valid HDF5 file',
  },
  {
    name: 'pipe.pt',
    write: (folder) => void execFileSync('mkfifo', [join(folder, 'pipe.pt')]),
    says: 'is not a file',
  },
];

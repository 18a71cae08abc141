import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneOf } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { type Dice, noise, once, times, uint, whole, worn } from './values.ts';

const FOLDER = 'test/corpus/keras';
/** Files with all structures: old and new groups, attributes, compressed and chunked data, links. */
const FILES = ['model.h5', 'legacy.h5', 'latest.h5', 'mixed.h5', 'userblock.h5', 'model.weights.h5'];

/** The signatures of structures, and the fields after them: bytes from the start, width, and whether it is an address. */
const STRUCTURES: readonly (readonly [
  signature: string,
  fields: readonly (readonly [number, 1 | 2 | 4 | 8])[],
])[] = [
  [
    '\x89HDF\r\n\x1a\n',
    [
      [8, 1],
      [13, 1],
      [14, 1],
      [16, 2],
      [18, 2],
      [24, 8],
      [32, 8],
      [40, 8],
      [48, 8],
      [64, 8],
    ],
  ],
  [
    'TREE',
    [
      [4, 1],
      [5, 1],
      [6, 2],
      [8, 8],
      [16, 8],
      [24, 8],
      [32, 8],
      [40, 8],
    ],
  ],
  [
    'HEAP',
    [
      [4, 1],
      [8, 8],
      [16, 8],
      [24, 8],
    ],
  ],
  [
    'SNOD',
    [
      [4, 1],
      [6, 2],
      [8, 8],
      [16, 8],
      [24, 4],
      [32, 8],
      [40, 8],
    ],
  ],
  [
    'GCOL',
    [
      [4, 1],
      [8, 8],
      [16, 2],
      [18, 2],
      [24, 8],
    ],
  ],
  [
    'OHDR',
    [
      [4, 1],
      [5, 1],
      [6, 1],
      [7, 1],
      [8, 2],
      [10, 2],
      [12, 4],
    ],
  ],
  [
    'OCHK',
    [
      [4, 1],
      [5, 2],
      [7, 1],
      [8, 4],
    ],
  ],
  [
    'FRHP',
    [
      [4, 1],
      [5, 2],
      [7, 2],
      [10, 4],
      [14, 8],
      [30, 8],
      [46, 8],
    ],
  ],
  [
    'FHDB',
    [
      [4, 1],
      [5, 8],
      [13, 4],
    ],
  ],
  [
    'BTHD',
    [
      [4, 1],
      [5, 1],
      [6, 4],
      [10, 2],
      [12, 2],
      [16, 8],
      [24, 2],
      [26, 8],
    ],
  ],
  [
    'BTLF',
    [
      [4, 1],
      [5, 1],
      [6, 4],
    ],
  ],
  [
    'FADB',
    [
      [4, 1],
      [5, 1],
      [6, 8],
    ],
  ],
  [
    'EAHD',
    [
      [4, 1],
      [5, 1],
      [6, 1],
      [7, 1],
    ],
  ],
];

const placesOf = (bytes: Buffer, signature: string): number[] => {
  const found: number[] = [];
  const wanted = Buffer.from(signature, 'latin1');
  for (let at = bytes.indexOf(wanted); at >= 0 && found.length < 500; at = bytes.indexOf(wanted, at + 1))
    found.push(at);
  return found;
};

/** Changes a field of one of its structures; an address may lead to a structure of any kind, even to an ancestor. */
const changed = (bytes: Buffer, random: Dice): void => {
  const [signature, fields] = oneOf(STRUCTURES, random);
  const places = placesOf(bytes, signature);
  if (places.length === 0) return;
  const [from, width] = oneOf(fields, random);
  const at = oneOf(places, random) + from;
  if (at + width > bytes.length) return;
  const anywhere = placesOf(bytes, oneOf(STRUCTURES, random)[0]);
  const address = anywhere.length > 0 ? oneOf(anywhere, random) : random(bytes.length);
  const value = once(2, random) ? BigInt(address) : whole(random(256), random, 2);
  bytes.set(uint(value, width), at);
};

/** An attribute or a name that the header says by its length, or one message of a header of the first version. */
const changedMessage = (bytes: Buffer, random: Dice): void => {
  // Version 1 of an object header begins with 1, 0 and the number of its messages; they are at least 8 bytes apart.
  const starts: number[] = [];
  for (let at = 0; at + 24 < bytes.length && starts.length < 300; at += 8)
    if (bytes[at] === 1 && bytes[at + 1] === 0 && bytes[at + 3] === 0 && bytes[at + 2] > 0) starts.push(at);
  if (starts.length === 0) return;
  const at = oneOf(starts, random) + oneOf([2, 4, 8, 16, 18, 20, 24, 26, 28, 32, 40], random);
  const width = oneOf([1, 2, 4, 8] as const, random);
  if (at + width <= bytes.length) bytes.set(uint(whole(random(64), random, 2), width), at);
};

const make = (random: Dice): Uint8Array => {
  const bytes = readFileSync(join(FOLDER, oneOf(FILES, random)));
  const changes = random.calm > 10 ? random(2) : 1 + random(4);
  times(changes, () => (once(3, random) ? changedMessage : changed)(bytes, random));
  if (once(20, random)) bytes.set(noise(8, random), random(Math.max(1, bytes.length - 8)));
  return worn(new Uint8Array(bytes), random);
};

export const hdf5Files: Generator = {
  name: 'hdf5',
  cases: 60,
  // The library is stopped after half a minute.
  maxCpuSeconds: 35,
  run: (random) => exercise('model.h5', make(random), new Map(), random),
};

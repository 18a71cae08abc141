import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/checkpoint/bytes/crc32.ts';
import { oneOf } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import {
  choice,
  type Dice,
  hostile,
  joined,
  name,
  nameAt,
  noise,
  once,
  times,
  uint,
  whole,
  worn,
} from './values.ts';

/** `uint` of a value that is usually valid. */
const field = (value: number | bigint, bytes: 1 | 2 | 4 | 8, random: Dice, among = 60): Uint8Array =>
  uint(whole(value, random, among), bytes);

const NPY = Buffer.from(
  `\x93NUMPY\x01\x00\x46\x00${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(69)}\n`,
  'latin1',
);
const CONFIG = Buffer.from('{"class_name":"Sequential","config":{"layers":[]},"keras_version":"3.0.0"}');
const PICKLE = Buffer.from('\x80\x02}.', 'latin1');

/** Names and contents of the other formats that are stored in archives. */
const STRANGERS: readonly (readonly [string, Uint8Array])[] = [
  ['archive/data.pkl', PICKLE],
  ['archive/data/0', new Uint8Array(16)],
  ['config.json', CONFIG],
  ['metadata.json', CONFIG],
  ['model.weights.h5', new Uint8Array(0)],
  ['version', Buffer.from('3')],
  ['folder/', new Uint8Array(0)],
];

const member = (at: number, random: Dice): readonly [string, Uint8Array] => {
  if (hostile(6, random)) return oneOf(STRANGERS, random);
  const bytes = hostile(30, random)
    ? new Uint8Array(oneOf([100_000, 5_000_000], random))
    : joined(NPY, noise(24, random));
  return [`${nameAt(at, random)}.npy`, bytes];
};

interface Entry {
  readonly central: Uint8Array;
  readonly local: Uint8Array;
}

/** Sizes and offset that do not fit in 32 bits, or pretend not to. */
const zip64 = (values: readonly bigint[], random: Dice): Uint8Array => {
  const fields = values.slice(0, 1 + random(values.length)).map((value) => uint(whole(value, random, 6), 8));
  const length = fields.length * 8;
  return joined(uint(1n, 2), field(length, 2, random, 8), ...fields);
};

const entry = (number: number, offset: number, random: Dice): Entry => {
  const [label, bytes] = member(number, random);
  const named = Buffer.from(label, 'utf8').subarray(0, 65_535);
  const method = hostile(25, random) ? random(100) : oneOf([0, 8], random);
  const packed = method === 8 ? deflateRawSync(bytes) : bytes;
  const flags = choice([0x800, 0x808], [0, 8, 1, 0x2000, 0x41], 8, random);
  const isWide = hostile(8, random);
  const described = (flags & 8) !== 0;
  const sizes = (among: number, isLater: boolean) =>
    isWide
      ? [uint(2n ** 32n - 1n, 4), uint(2n ** 32n - 1n, 4)]
      : [
          field(isLater ? 0 : packed.length, 4, random, among),
          field(isLater ? 0 : bytes.length, 4, random, among),
        ];
  const wide = [BigInt(bytes.length), BigInt(packed.length), BigInt(offset)];
  const shared = (extra: Uint8Array, among: number, isLater = false) =>
    joined(
      uint(20n, 2),
      uint(BigInt(flags), 2),
      uint(BigInt(method), 2),
      uint(0n, 4),
      field(crc32(bytes), 4, random, 80),
      ...sizes(among, isLater),
      field(named.length, 2, random, 80),
      field(extra.length, 2, random, 80),
    );
  const extra = isWide
    ? zip64(wide, random)
    : hostile(20, random)
      ? noise(random(30), random)
      : new Uint8Array(0);
  const descriptor = described
    ? joined(
        Buffer.from('PK\x07\x08'),
        field(crc32(bytes), 4, random),
        field(packed.length, 4, random),
        field(bytes.length, 4, random),
      )
    : new Uint8Array(0);
  const at = isWide && once(2, random) ? uint(2n ** 32n - 1n, 4) : field(offset, 4, random, 20);
  const comment = hostile(30, random) ? noise(random(50), random) : new Uint8Array(0);
  const central = joined(
    Buffer.from('PK\x01\x02\x14\0', 'latin1'),
    shared(extra, 40),
    field(comment.length, 2, random, 80),
    field(0, 2, random, 80),
    uint(0n, 2),
    field(0, 4, random),
    at,
    named,
    extra,
    comment,
  );
  const localName = hostile(30, random) ? Buffer.from(name(random)).subarray(0, named.length) : named;
  return {
    central,
    local: joined(
      Buffer.from('PK\x03\x04', 'latin1'),
      shared(new Uint8Array(0), 40, described),
      localName,
      packed,
      descriptor,
    ),
  };
};

const endOf = (count: number, size: number, offset: number, random: Dice): Uint8Array => {
  const comment = hostile(20, random) ? noise(random(200), random) : new Uint8Array(0);
  const end = joined(
    Buffer.from('PK\x05\x06', 'latin1'),
    field(0, 2, random, 80),
    field(0, 2, random, 80),
    field(count, 2, random, 40),
    field(count, 2, random, 40),
    field(size, 4, random, 40),
    field(offset, 4, random, 40),
    field(comment.length, 2, random, 60),
    comment,
  );
  if (!hostile(8, random)) return end;
  const record = joined(
    Buffer.from('PK\x06\x06', 'latin1'),
    field(44, 8, random, 8),
    uint(45n, 2),
    uint(45n, 2),
    uint(0n, 4),
    uint(0n, 4),
    field(count, 8, random, 8),
    field(count, 8, random, 8),
    field(size, 8, random, 8),
    field(offset, 8, random, 8),
  );
  const locator = joined(
    Buffer.from('PK\x06\x07', 'latin1'),
    uint(0n, 4),
    field(offset + size, 8, random, 4),
    uint(1n, 4),
  );
  return joined(record, locator, end);
};

const make = (random: Dice): Uint8Array => {
  const start = hostile(40, random) ? noise(random(100), random) : new Uint8Array(0);
  let offset = start.length;
  const entries = times(1 + random(6), (at) => {
    // An entry at the place of the previous one overlaps it.
    const made = entry(at, hostile(20, random) ? 0 : offset, random);
    offset += made.local.length;
    return made;
  });
  if (entries.length > 0 && hostile(25, random)) entries.push(oneOf(entries, random));
  const central = joined(...entries.map((one) => one.central));
  const end = endOf(entries.length, central.length, offset, random);
  return worn(joined(start, ...entries.map(({ local }) => local), central, end), random);
};

export const zipArchives: Generator = {
  name: 'zip',
  cases: 2500,
  run: (random) =>
    exercise(choice(['a.npz'], ['a.pt', 'a.keras'], 6, random), make(random), new Map(), random),
};

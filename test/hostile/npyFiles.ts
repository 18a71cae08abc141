import { zipOf } from '../corpus/archive.ts';
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
  shape,
  small,
  times,
  uint,
  whole,
  worn,
} from './values.ts';

const TYPES = ['<f4', '<f8', '>f2', '|u1', '<i4', '|b1', '<f2'];
const ODD_TYPES = ['|O', '<U5', '|S3', '<c8', '<M8[ns]', '<f', 'f4', '<f99999999999', '', '|V2', '[', '>f16'];

const LITERALS = [
  'None',
  'True',
  '-1',
  '1e999',
  '0x7fffffffffffffff',
  '9'.repeat(400),
  '1_000',
  "'a' 'b'",
  "b'x'",
  "u'x'",
  'r"\\"',
  "'''x'''",
  '(((((',
  '{}',
  '{1:2}',
  '()',
  '(1)',
  '(,)',
  '[]',
  '10L',
  '٣',
  '__import__("os")',
  '...',
  'lambda: 0',
  '# comment',
];

const literal = (random: Dice): string => {
  if (hostile(30, random)) return '('.repeat(oneOf([50, 5000, 60_000], random));
  if (hostile(30, random)) return `'${'\\x00'.repeat(random(2000))}'`;
  return oneOf(LITERALS, random);
};

const header = (extents: readonly bigint[], type: string, random: Dice): string => {
  const given = hostile(40, random)
    ? `[('a', '${type}'), ('b', '${oneOf(TYPES, random)}', (2,))]`
    : `'${type}'`;
  const fields = [
    `'descr': ${hostile(20, random) ? literal(random) : given}`,
    `'fortran_order': ${hostile(20, random) ? literal(random) : oneOf(['True', 'False'], random)}`,
    `'shape': ${hostile(20, random) ? literal(random) : `(${extents.map((extent) => `${extent},`).join(' ')})`}`,
  ];
  if (hostile(20, random)) fields.push(oneOf(fields, random));
  if (hostile(20, random)) fields.push(`'${name(random)}': ${literal(random)}`);
  if (hostile(20, random)) fields.splice(random(fields.length), 1);
  return `{${fields.join(', ')}, }${' '.repeat(hostile(60, random) ? 60_000 : random(20))}\n`;
};

const array = (random: Dice): Uint8Array => {
  const extents = shape(random);
  const type = choice(TYPES, ODD_TYPES, 8, random);
  const text = Buffer.from(header(extents, type, random), 'latin1');
  const version = choice([1, 2], [3, 0, 4, random(256)], 20, random);
  const length = uint(whole(text.length, random, 20), version === 1 ? 2 : 4);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, hostile(30, random) ? 1 : 0]);
  return worn(
    joined(start, length, text, noise(small(extents) * (Number(/\d/.exec(type)?.[0]) || 1), random)),
    random,
  );
};

const make = (random: Dice): readonly [string, Uint8Array] => {
  if (once(2, random)) return ['array.npy', array(random)];
  const members = times(1 + random(4), (at) => ({
    name: `${nameAt(at, random)}${hostile(10, random) ? '' : '.npy'}`,
    bytes: array(random),
    stored: once(2, random),
  }));
  return ['arrays.npz', zipOf(members)];
};

export const npyFiles: Generator = {
  name: 'npy',
  cases: 2500,
  run: (random) => {
    const [path, bytes] = make(random);
    return exercise(path, bytes, new Map(), random);
  },
};

import { zipOf } from '../corpus/archive.ts';
import { oneOf, type Random } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { joined, name, noise, once, shape, small, times, uint, whole, worn } from './values.ts';

const TYPES = ['<f4', '<f8', '>f2', '|u1', '<i8', '|b1', '<f2'];
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

const literal = (random: Random): string => {
  if (once(30, random)) return '('.repeat(oneOf([50, 5000, 60_000], random));
  if (once(30, random)) return `'${'\\x00'.repeat(random(2000))}'`;
  return oneOf(LITERALS, random);
};

const header = (extents: readonly bigint[], random: Random): string => {
  const type = once(8, random) ? oneOf(ODD_TYPES, random) : oneOf(TYPES, random);
  const given = once(40, random) ? `[('a', '${type}'), ('b', '${oneOf(TYPES, random)}', (2,))]` : `'${type}'`;
  const fields = [
    `'descr': ${once(20, random) ? literal(random) : given}`,
    `'fortran_order': ${once(20, random) ? literal(random) : oneOf(['True', 'False'], random)}`,
    `'shape': ${once(20, random) ? literal(random) : `(${extents.map((extent) => `${extent},`).join(' ')})`}`,
  ];
  if (once(20, random)) fields.push(oneOf(fields, random));
  if (once(20, random)) fields.push(`'${name(random)}': ${literal(random)}`);
  if (once(20, random)) fields.splice(random(fields.length), 1);
  return `{${fields.join(', ')}, }${' '.repeat(once(60, random) ? 60_000 : random(20))}\n`;
};

const array = (random: Random): Uint8Array => {
  const extents = shape(random);
  const text = Buffer.from(header(extents, random), once(2, random) ? 'latin1' : 'utf8');
  const version = oneOf([1, 1, 2, 3, random(256)], random);
  const length = uint(whole(text.length, random, 20), version === 1 ? 2 : 4);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, once(30, random) ? 1 : 0]);
  return worn(
    joined(start, length, text, noise(small(extents) * oneOf([4, 8, 2, 1], random), random)),
    random,
  );
};

const make = (random: Random): readonly [string, Uint8Array] => {
  if (once(2, random)) return ['array.npy', array(random)];
  const members = times(random(5), () => ({
    name: `${name(random)}${once(10, random) ? '' : '.npy'}`,
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

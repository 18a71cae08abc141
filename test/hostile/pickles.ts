import { zipOf } from '../corpus/archive.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { dictionary, program, type Storage } from './picklePrograms.ts';
import { APPENDS, ascii, EMPTY_LIST, MARK, op, STOP, text } from './pickleWords.ts';
import { choice, type Dice, hostile, joined, name, noise, once, uint, whole, worn } from './values.ts';

const stored = (named: string, bytes: Uint8Array) => ({ name: named, bytes, stored: true });

const contents = ({ count, width }: Storage, random: Dice): Uint8Array =>
  noise(Number(whole(count * width, random, 20) & 0xffffn), random);

const archive = (random: Dice): Uint8Array => {
  const root = hostile(20, random) ? name(random) : 'archive';
  const { bytes, storages } = program(random);
  const members = [
    stored(`${root}/data.pkl`, bytes),
    ...storages.map((one, at) => stored(`${root}/data/${at}`, contents(one, random))),
    stored(`${root}/version`, ascii(choice(['3\n'], ['99', '', '\u0000'], 20, random))),
    stored(`${root}/byteorder`, ascii(choice(['little'], ['big', 'middle', ''], 20, random))),
  ];
  return worn(zipOf(members.filter(() => !hostile(60, random))), random);
};

/** The format before archives: magic number, protocol, system, then the object, the keys, and the storages. */
const legacy = (random: Dice): Uint8Array => {
  const start = op('\x80', Buffer.from([2]));
  const number = Buffer.from('6cfc9c46f9206aa85019', 'hex');
  const magic = joined(start, op('\x8a', Buffer.from([10]), number), STOP);
  const version = joined(start, op('M', uint(1001n, 2)), STOP);
  const system = joined(start, dictionary([['little_endian', op('\x88')]], random), STOP);
  const { bytes, storages } = program(random);
  const named = storages.map((_, at) => text(String(at), random));
  const keys = joined(start, EMPTY_LIST, MARK, ...named, APPENDS, STOP);
  const parts = storages.map((one) => joined(uint(whole(one.count, random, 10), 8), contents(one, random)));
  return worn(joined(magic, version, system, bytes, keys, ...parts), random);
};

const make = (random: Dice): readonly [string, Uint8Array] => {
  if (hostile(12, random)) return ['model.pkl', program(random).bytes];
  return once(3, random) ? ['model.bin', legacy(random)] : ['model.pt', archive(random)];
};

export const pickles: Generator = {
  name: 'pickle',
  cases: 3000,
  run: (random) => {
    const [path, bytes] = make(random);
    return exercise(path, bytes, new Map(), random);
  },
};

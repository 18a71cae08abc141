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
  shape,
  small,
  times,
  uint,
  whole,
  worn,
} from './values.ts';

const text = (value: string, random: Dice): Uint8Array => {
  const bytes = Buffer.from(value, 'utf8');
  return joined(uint(whole(bytes.length, random, 60), 8), bytes);
};

/** Sizes of the scalar types in bytes, by their number in the format. */
const SIZES: Readonly<Record<number, 1 | 2 | 4 | 8>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const SCALARS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12];
const STRING = 8;
const ARRAY = 9;

const value = (kind: number, random: Dice, depth = 0): Uint8Array => {
  if (kind === STRING) return text(name(random), random);
  if (kind === ARRAY) {
    const inner = hostile(depth > 20 ? 1 : 6, random) && depth < 2000 ? ARRAY : oneOf(SCALARS, random);
    const count = inner === ARRAY ? 1 : random(6);
    const items = times(count, () => value(inner, random, depth + 1));
    return joined(uint(BigInt(inner), 4), uint(whole(count, random, 30), 8), ...items);
  }
  return uint(whole(random(1000), random), SIZES[kind] ?? 4);
};

const pair = (at: number, random: Dice): Uint8Array => {
  const known = ['general.alignment', 'general.architecture', 'tokenizer.ggml.tokens'];
  const key = hostile(6, random) ? oneOf(known, random) : (known[at] ?? nameAt(at, random));
  const kind =
    key === 'general.alignment' ? 4 : choice([...SCALARS, ARRAY], [random(256), ARRAY], 30, random);
  const content =
    key === 'general.alignment'
      ? uint(choice([32n], [1n, 0n, 3n, 2n ** 31n, 64n], 4, random), 4)
      : value(kind, random);
  return joined(text(key, random), uint(BigInt(kind), 4), content);
};

const tensor = (at: number, offset: number, random: Dice): readonly [Uint8Array, number] => {
  const extents = shape(random).slice(0, hostile(10, random) ? 1000 : 4);
  const kind = choice([0, 1], [2, 3, 8, 10, 12, 14, 30, random(64)], 4, random);
  const written = joined(
    text(nameAt(at, random), random),
    uint(whole(extents.length, random, 60), 4),
    ...extents.map((extent) => uint(extent, 8)),
    uint(BigInt(kind), 4),
    uint(whole(offset, random, 20), 8),
  );
  const bytes = Math.ceil((small(extents) * (kind === 1 ? 2 : 4)) / 32) * 32;
  return [written, offset + bytes];
};

const make = (random: Dice): Uint8Array => {
  const pairs = times(random(5), (at) => pair(at, random));
  let end = 0;
  const tensors = times(random(6), (at) => {
    const [written, next] = tensor(at, end, random);
    end = next;
    return written;
  });
  const head = joined(
    Buffer.from('GGUF'),
    uint(choice([3n], [2n, 1n, BigInt(random(256))], 12, random), 4),
    uint(whole(tensors.length, random, 30), 8),
    uint(whole(pairs.length, random, 30), 8),
    ...pairs,
    ...tensors,
  );
  const padding = new Uint8Array((32 - (head.length % 32)) % 32);
  return worn(joined(head, padding, noise(Math.min(end, 65_536), random)), random);
};

export const ggufFiles: Generator = {
  name: 'gguf',
  cases: 2500,
  run: (random) => exercise('model.gguf', make(random), new Map(), random),
};

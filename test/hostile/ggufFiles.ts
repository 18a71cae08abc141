import { oneOf, type Random } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { joined, name, noise, once, shape, small, times, uint, whole, worn } from './values.ts';

const text = (value: string, random: Random): Uint8Array => {
  const bytes = Buffer.from(value, 'utf8');
  return joined(uint(whole(bytes.length, random, 60), 8), bytes);
};

/** Bytes of the scalar kinds, by their number in the format. */
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
const STRING = 8;
const ARRAY = 9;

const value = (kind: number, random: Random, depth = 0): Uint8Array => {
  if (kind === STRING) return text(name(random), random);
  if (kind === ARRAY) {
    const inner = once(depth > 20 ? 1 : 6, random) && depth < 2000 ? ARRAY : random(13);
    const count = inner === ARRAY ? 1 : random(6);
    const items = times(count, () => value(inner, random, depth + 1));
    return joined(uint(BigInt(inner), 4), uint(whole(count, random, 30), 8), ...items);
  }
  return uint(whole(random(1000), random), SIZES[kind] ?? 4);
};

const pair = (random: Random): Uint8Array => {
  const key = oneOf(
    ['general.alignment', 'general.architecture', 'tokenizer.ggml.tokens', name(random)],
    random,
  );
  const kind = key === 'general.alignment' ? 4 : once(30, random) ? random(256) : random(13);
  const content =
    key === 'general.alignment'
      ? uint(oneOf([32n, 1n, 0n, 3n, 2n ** 31n, 64n], random), 4)
      : value(kind, random);
  return joined(text(key, random), uint(BigInt(kind), 4), content);
};

const tensor = (offset: number, random: Random): readonly [Uint8Array, number] => {
  const extents = shape(random).slice(0, once(10, random) ? 1000 : 4);
  const kind = oneOf([0, 0, 1, 2, 3, 8, 10, 12, 14, 30, random(64)], random);
  const written = joined(
    text(name(random), random),
    uint(whole(extents.length, random, 60), 4),
    ...extents.map((extent) => uint(extent, 8)),
    uint(BigInt(kind), 4),
    uint(whole(offset, random, 20), 8),
  );
  const bytes = Math.ceil((small(extents) * 4) / 32) * 32;
  return [written, offset + bytes];
};

const make = (random: Random): Uint8Array => {
  const pairs = times(random(5), () => pair(random));
  let end = 0;
  const tensors = times(random(6), () => {
    const [written, next] = tensor(end, random);
    end = next;
    return written;
  });
  const head = joined(
    Buffer.from('GGUF'),
    uint(oneOf([3n, 3n, 3n, 2n, 1n, BigInt(random(256))], random), 4),
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

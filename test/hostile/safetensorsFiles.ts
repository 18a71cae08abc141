import { oneOf, type Random } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { anyJson, object } from './jsonTexts.ts';
import { joined, name, noise, once, shape, small, times, uint, whole, worn } from './values.ts';

const TYPES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};
const ODD_TYPES = ['F4', 'C64', 'f32', '', '__proto__', 'U64', 'F8_E8M0'];

/** One entry, and where its bytes end; ranges overlap, leave gaps or run backwards now and then. */
const entry = (from: bigint, random: Random): readonly [text: string, end: bigint] => {
  const dtype = once(15, random) ? oneOf(ODD_TYPES, random) : oneOf(Object.keys(TYPES), random);
  const extents = shape(random);
  const begin = whole(from, random, 25);
  const end = begin + BigInt(small(extents)) * BigInt(TYPES[dtype] ?? 1);
  const members: [string, string][] = [
    ['dtype', once(60, random) ? anyJson(random) : JSON.stringify(dtype)],
    ['shape', once(60, random) ? anyJson(random) : `[${extents.join(',')}]`],
    ['data_offsets', once(60, random) ? anyJson(random) : `[${begin},${whole(end, random, 25)}]`],
  ];
  return [once(80, random) ? anyJson(random) : object(members, random), end];
};

const metadata = (random: Random): string =>
  once(4, random)
    ? anyJson(random)
    : object(
        [
          ['format', '"pt"'],
          [name(random), anyJson(random)],
        ],
        random,
      );

const make = (random: Random): Uint8Array => {
  let end = 0n;
  const entries = times(random(8), () => {
    const [text, next] = entry(end, random);
    end = next;
    return [name(random), text] as const;
  });
  if (once(3, random)) entries.push(['__metadata__', metadata(random)]);
  let header = object(entries, random);
  if (once(100, random)) header += ' '.repeat(200_000);
  if (once(150, random)) header = `\ufeff${header}`;
  const bytes = Buffer.from(header, 'utf8');
  const held = end > 0n && end < 65_536n ? Number(end) : random(64);
  return worn(joined(uint(whole(bytes.length, random, 20), 8), bytes, noise(held, random)), random);
};

export const safetensorsFiles: Generator = {
  name: 'safetensors',
  cases: 3000,
  run: (random) => exercise('model.safetensors', make(random), new Map(), random),
};

import { oneOf } from '../corpus/random.ts';
import { exercise } from './exercise.ts';
import type { Generator } from './generator.ts';
import { anyJson, object } from './jsonTexts.ts';
import {
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

const TYPES = new Map(
  Object.entries({ F64: 8, F32: 4, F16: 2, BF16: 2, I32: 4, U8: 1, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1 }),
);
const ODD_TYPES = ['F4', 'C64', 'f32', '', '__proto__', 'U64', 'F8_E8M0'];

/** One entry, and where its bytes end; ranges sometimes overlap, leave gaps or run backwards. */
const entry = (from: bigint, random: Dice): readonly [text: string, end: bigint] => {
  const dtype = hostile(15, random) ? oneOf(ODD_TYPES, random) : oneOf([...TYPES.keys()], random);
  const extents = shape(random);
  const begin = whole(from, random, 25);
  const end = begin + BigInt(small(extents)) * BigInt(TYPES.get(dtype) ?? 1);
  const members: [string, string][] = [
    ['dtype', hostile(60, random) ? anyJson(random) : JSON.stringify(dtype)],
    ['shape', hostile(60, random) ? anyJson(random) : `[${extents.join(',')}]`],
    ['data_offsets', hostile(60, random) ? anyJson(random) : `[${begin},${whole(end, random, 25)}]`],
  ];
  return [hostile(80, random) ? anyJson(random) : object(members, random), end];
};

const metadata = (random: Dice): string =>
  hostile(3, random)
    ? anyJson(random)
    : object(
        [
          ['format', '"pt"'],
          [name(random), hostile(3, random) ? anyJson(random) : '"x"'],
        ],
        random,
      );

const make = (random: Dice): Uint8Array => {
  let end = 0n;
  const entries = times(random(8), (at) => {
    const [text, next] = entry(end, random);
    end = next;
    return [nameAt(at, random), text] as const;
  });
  if (once(3, random)) entries.push(['__metadata__', metadata(random)]);
  let header = object(entries, random);
  if (hostile(100, random)) header += ' '.repeat(200_000);
  if (hostile(150, random)) header = `\ufeff${header}`;
  const bytes = Buffer.from(header, 'utf8');
  const held = end >= 0n && end < 65_536n ? Number(end) : random(64);
  return worn(joined(uint(whole(bytes.length, random, 20), 8), bytes, noise(held, random)), random);
};

export const safetensorsFiles: Generator = {
  name: 'safetensors',
  cases: 3000,
  run: (random) => exercise('model.safetensors', make(random), new Map(), random),
};

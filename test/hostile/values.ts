import { oneOf } from '../corpus/random.ts';

/** Integers from 0 up to `below`, and the calmness of a case: the factor by which its hostile values are rarer. */
export interface Dice {
  (below: number): number;
  readonly calm: number;
}

/** True once in `among`; for a choice between valid things. */
export const once = (among: number, random: Dice): boolean => random(among) === 0;

/** The same for what a valid input does not have. */
export const hostile = (among: number, random: Dice): boolean => random(among * random.calm) === 0;

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Values of lengths, counts and offsets that must not be trusted. */
const WHOLE: readonly bigint[] = [
  0n,
  1n,
  -1n,
  7n,
  255n,
  65_536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 64n - 1n,
];

/** `sound`, and once in `among` something invalid. */
export const whole = (sound: number | bigint, random: Dice, among = 8): bigint => {
  const value = BigInt(sound);
  if (!hostile(among, random)) return value;
  return oneOf([...WHOLE, value + 1n, value - 1n, value * 2n, -value], random);
};

const NAMES: readonly string[] = [
  'weight',
  'bias',
  'layers.0.self_attn.q_proj.weight',
  'layers.0.self_attn.in_proj_weight',
  'h.3.attn.c_attn.weight',
  'conv1.weight',
  'bn.running_mean',
  'embed.weight',
  'lstm.weight_ih_l0',
  'lstm.bias_hh_l0_reverse',
  'experts.12.w1.weight_scale',
  'q.qweight',
  'q.scales',
  'lora_A.weight',
  'module._orig_mod.fc.weight',
  'weight_g',
  'parametrizations.weight.original0',
  'opt_state/0/mu/kernel',
];
const HOSTILE_NAMES: readonly string[] = [
  '',
  '.',
  '..',
  '../../../etc/passwd',
  '/abs/olute',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__metadata__',
  'a\u0000b',
  '\u001b]0;title\u0007',
  '\u202egnp.exe',
  '\u2028line',
  '[run](command:workbench.action.quit)',
  '$(sync~spin)',
  '\ud800',
  '💥'.repeat(40),
  'attn'.repeat(2000),
  '.'.repeat(3000),
  ' '.repeat(3000),
  '0.'.repeat(2000),
  '%s%d%n',
  '{"a":1}',
  'C:\\con',
  'weight ',
  'None',
];

/** A name as in real models, and sometimes one that harms code that trusts it. */
export const name = (random: Dice): string => {
  if (hostile(6, random)) return oneOf(HOSTILE_NAMES, random);
  const base = oneOf(NAMES, random);
  if (hostile(8, random)) return `${base}.${oneOf(HOSTILE_NAMES, random)}`;
  return once(3, random) ? `blocks.${random(40)}.${base}` : base;
};

/** The name of the item at index `at`, different from the previous ones unless hostile. */
export const nameAt = (at: number, random: Dice): string =>
  hostile(6, random) ? name(random) : `part${at}.${name(random)}`;

/** One of the valid choices, and sometimes one of the others. */
export const choice = <T>(sound: readonly T[], others: readonly T[], among: number, random: Dice): T =>
  oneOf(hostile(among, random) ? others : sound, random);

/** Extents of a small array, and sometimes invalid ones, too large ones, or too many. */
export const shape = (random: Dice): bigint[] => {
  if (hostile(40, random)) return times(oneOf([33, 70, 1000], random), () => 1n);
  if (hostile(25, random))
    return times(2 + random(3), () => oneOf([2n ** 31n, 2n ** 32n, 2n ** 22n], random));
  return times(random(5), () => whole(1 + random(7), random, 30));
};

/** The product of the extents, if that is small enough to be written. */
export const small = (extents: readonly bigint[], most = 4096): number => {
  const product = extents.reduce((value, extent) => value * extent, 1n);
  return product >= 0n && product <= BigInt(most) ? Number(product) : 0;
};

/** Random bytes: a xorshift generator, seeded with a draw. */
export const noise = (length: number, random: Dice): Uint8Array => {
  const words = new Uint32Array((length + 3) >> 2);
  let state = random(2 ** 31) + 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
};

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export const uint = (value: bigint, bytes: 1 | 2 | 4 | 8): Buffer => {
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(BigInt.asUintN(64, value));
  return field.subarray(0, bytes);
};

/** The bytes, sometimes truncated, extended, or with a byte changed. */
export const worn = (bytes: Uint8Array, random: Dice): Uint8Array => {
  if (!hostile(5, random)) return bytes;
  switch (random(3)) {
    case 0:
      return bytes.slice(0, random(bytes.length + 1));
    case 1:
      return joined(bytes, noise(random(40), random));
    default: {
      const copy = new Uint8Array(bytes);
      if (copy.length > 0) copy[random(copy.length)] = random(256);
      return copy;
    }
  }
};

import { oneOf } from '../corpus/random.ts';
import { type Dice, hostile, name, once, times, whole } from './values.ts';

/** JSON as text, so that it can contain what no value in memory can: duplicate keys, floods of space, odd escapes. */

const SCALARS = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1e400',
  '-1e400',
  '0.5',
  '1e-400',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '[]',
  '{}',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e"',
  '"\\u001b]0;x\\u0007"',
  '"[x](command:y)"',
  '{"__proto__":{"polluted":true}}',
  'NaN',
  'Infinity',
  '01',
  "'a'",
] as const;

/** Any value: usually a scalar, sometimes a structure, rarely one that is very deep or long. */
export const anyJson = (random: Dice): string => {
  if (hostile(60, random)) {
    const depth = oneOf([100, 2000, 30_000], random);
    const [open, close] = oneOf([['[', ']'] as const, ['{"a":', '}'] as const], random);
    return `${open.repeat(depth)}${open === '[' ? '' : '1'}${once(3, random) ? '' : close.repeat(depth)}`;
  }
  if (hostile(60, random)) return `[${'1,'.repeat(5000)}1]`;
  if (hostile(10, random))
    return object(
      times(random(4), () => [name(random), anyJson(random)]),
      random,
    );
  if (hostile(10, random)) return `[${times(random(4), () => anyJson(random)).join(',')}]`;
  if (once(4, random)) return JSON.stringify(name(random));
  if (once(4, random)) return String(whole(random(100), random));
  return oneOf(SCALARS, random);
};

const space = (random: Dice): string => {
  if (hostile(400, random)) return oneOf([' ', '\n', '\t', '\r\n'], random).repeat(100_000);
  return hostile(12, random) ? oneOf([' ', '\n', '\t', '\r'], random).repeat(random(5)) : '';
};

/** The name as a JSON string; sometimes written in escapes. */
const key = (text: string, random: Dice): string => {
  if (!hostile(12, random)) return JSON.stringify(text);
  const escaped = [...text.slice(0, 200)].map(
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped.join('')}"`;
};

/** An object of these members; one of them may be duplicated or missing. */
export const object = (members: readonly (readonly [string, string])[], random: Dice): string => {
  let all = [...members];
  if (all.length > 0 && hostile(20, random)) all.push([oneOf(all, random)[0], anyJson(random)]);
  if (hostile(30, random)) all.push([name(random), anyJson(random)]);
  if (hostile(30, random)) all = all.filter(() => !once(4, random));
  const written = all.map(
    ([at, value]) => `${space(random)}${key(at, random)}${space(random)}:${space(random)}${value}`,
  );
  return `{${written.join(',')}${space(random)}${hostile(200, random) ? ',' : ''}}`;
};

/** A valid document with values replaced, each with probability 1 / `among`. */
export const hostileJson = (value: unknown, random: Dice, among = 25): string => {
  if (hostile(among, random)) return anyJson(random);
  if (Array.isArray(value)) return `[${value.map((item) => hostileJson(item, random, among)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([at, item]) => [at, hostileJson(item, random, among)] as const,
    );
    return object(members, random);
  }
  return JSON.stringify(value) ?? 'null';
};

import { oneOf } from '../corpus/random.ts';
import { type Dice, hostile, joined, noise, once, uint, whole } from './values.ts';

// The encoding of instructions, values and names in pickles.

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
export const op = (code: string, ...rest: Uint8Array[]): Uint8Array => joined(ascii(code), ...rest);

export const [MARK, STOP, EMPTY_TUPLE, EMPTY_DICT, EMPTY_LIST, REDUCE] = [...'(.)}]R'].map((code) =>
  op(code),
);
const TUPLE = op('t');
export const [SETITEMS, APPENDS, APPEND, BUILD, DUP, POP] = [...'uea']
  .concat('b', '2', '0')
  .map((code) => op(code));

export const text = (value: string, random: Dice): Uint8Array => {
  const bytes = Buffer.from(value, 'utf8');
  if (hostile(20, random)) return op('\x8d', uint(whole(bytes.length, random, 2), 8), bytes);
  if (bytes.length < 256 && once(3, random))
    return op('\x8c', uint(whole(bytes.length, random, 60), 1), bytes);
  return op('X', uint(whole(bytes.length, random, 60), 4), bytes);
};

export const integer = (value: bigint, random: Dice): Uint8Array => {
  if (hostile(60, random)) return op('\x8b', uint(whole(4, random, 2), 4), noise(random(400), random));
  if (hostile(20, random)) return ascii(`I${value}\n`);
  if (hostile(20, random)) return ascii(`L${value}L\n`);
  if (value >= 0n && value < 256n) return op('K', uint(value, 1));
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return op('J', uint(value, 4));
  return op('\x8a', Buffer.from([9]), uint(value, 8), Buffer.from([value < 0n ? 255 : 0]));
};

export const tuple = (...items: Uint8Array[]): Uint8Array => joined(MARK, ...items, TUPLE);
export const global = (module: string, member: string): Uint8Array => ascii(`c${module}\n${member}\n`);

const MODULES = [
  'torch',
  'torch._utils',
  'collections',
  'os',
  'builtins',
  '__builtin__',
  'numpy',
  '',
  '__proto__',
];
const MEMBERS = [
  'FloatStorage',
  'OrderedDict',
  'system',
  'eval',
  '_rebuild_tensor_v2',
  '_rebuild_parameter',
  '_rebuild_qtensor',
  '__proto__',
  '\u001b[2J',
  '',
  'x'.repeat(5000),
];
export const anyGlobal = (random: Dice): Uint8Array => global(oneOf(MODULES, random), oneOf(MEMBERS, random));

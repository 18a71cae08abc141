import { PickleGlobal, PickleObject, type PickleValue } from './value.ts';

/** Says how many values are about to be copied; throws when there were too many. */
type Charge = (count: number) => void;
type Call = (args: readonly PickleValue[], charge: Charge) => PickleValue;

/** A dictionary made from another, or from a list of pairs. */
const mapOf = (from: PickleValue | undefined, charge: Charge): Map<PickleValue, PickleValue> => {
  const pairs = from instanceof Map ? [...from] : listOf(from, charge);
  charge(pairs.length);
  const map = new Map<PickleValue, PickleValue>();
  for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) map.set(pair[0], pair[1]);
  return map;
};

const listOf = (from: PickleValue | undefined, charge: Charge): PickleValue[] => {
  if (!Array.isArray(from) && !(from instanceof Set)) return [];
  charge(Array.isArray(from) ? from.length : from.size);
  return [...from];
};

/** Bytes, or their latin-1 text, which is how protocols without bytes write them. */
const bytesOf = (from: PickleValue | undefined, charge: Charge): Uint8Array => {
  if (from instanceof Uint8Array) return from;
  if (typeof from !== 'string') return new Uint8Array(0);
  charge(from.length);
  return new Uint8Array(Buffer.from(from, 'latin1'));
};

/** Protocols 0 and 1 make an object from its class, a base class and the base's value. */
const reconstructed: Call = ([callable, , value]) => {
  const made = new PickleObject(callable ?? null, []);
  if (value instanceof Map) made.entries = value;
  if (Array.isArray(value)) made.items = value;
  return made;
};

/** The calls whose result is a plain value that we can write down ourselves. */
const PLAIN = new Map<string, Call>([
  ['collections.OrderedDict', ([from], charge) => mapOf(from, charge)],
  ['collections.Counter', ([from], charge) => mapOf(from, charge)],
  ['collections.defaultdict', ([, from], charge) => mapOf(from, charge)],
  ['builtins.dict', ([from], charge) => mapOf(from, charge)],
  ['builtins.list', ([from], charge) => listOf(from, charge)],
  ['builtins.tuple', ([from], charge) => listOf(from, charge)],
  ['builtins.set', ([from], charge) => new Set(listOf(from, charge))],
  ['builtins.frozenset', ([from], charge) => new Set(listOf(from, charge))],
  ['builtins.bytes', ([from], charge) => bytesOf(from, charge)],
  ['builtins.bytearray', ([from], charge) => bytesOf(from, charge)],
  ['_codecs.encode', ([from], charge) => bytesOf(from, charge)],
  ['torch.Size', ([from], charge) => listOf(from, charge)],
  ['copyreg._reconstructor', reconstructed],
]);

/** Python 2's names of the same modules. */
const MODERN = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

/** What a call in a pickle gives: a plain value for a few harmless ones, else the call itself, which is not made. */
export const callResult = (
  callable: PickleValue,
  args: readonly PickleValue[],
  charge: Charge,
): PickleValue => {
  if (callable instanceof PickleGlobal) {
    const plain = PLAIN.get(`${MODERN.get(callable.module) ?? callable.module}.${callable.name}`);
    if (plain !== undefined) return plain(args, charge);
  }
  return new PickleObject(callable, args);
};

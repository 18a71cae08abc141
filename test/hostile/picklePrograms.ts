import { oneOf } from '../corpus/random.ts';
import {
  APPEND,
  APPENDS,
  anyGlobal,
  ascii,
  BUILD,
  DUP,
  EMPTY_DICT,
  EMPTY_LIST,
  EMPTY_TUPLE,
  global,
  integer,
  MARK,
  op,
  POP,
  REDUCE,
  SETITEMS,
  STOP,
  text,
  tuple,
} from './pickleWords.ts';
import {
  choice,
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

/** Classes of storages and the sizes of their elements in bytes. */
const STORAGES = new Map([
  ['FloatStorage', 4],
  ['HalfStorage', 2],
  ['BFloat16Storage', 2],
  ['IntStorage', 4],
  ['DoubleStorage', 8],
]);
const ODD_STORAGES = ['QInt8Storage', 'UntypedStorage', 'ComplexFloatStorage', 'NoStorage'];

/** A tensor's storage: number of elements, and bytes of one. */
export interface Storage {
  readonly count: number;
  readonly width: number;
}

/** The storages that the current program names, in order. */
let storages: Storage[] = [];

const storage = (count: number, random: Dice): Uint8Array => {
  const type = choice([...STORAGES.keys()], ODD_STORAGES, 10, random);
  const kind = hostile(20, random) ? anyGlobal(random) : global('torch', type);
  const key = hostile(10, random) ? String(random(4)) : String(storages.length);
  storages.push({ count, width: STORAGES.get(type) ?? 1 });
  const parts = [
    text(hostile(30, random) ? name(random) : 'storage', random),
    kind,
    text(key, random),
    text('cpu', random),
    integer(whole(count, random, 15), random),
  ];
  if (hostile(30, random)) parts.splice(random(parts.length), 1);
  return joined(tuple(...parts), ascii('Q'));
};

const numbers = (values: readonly bigint[], random: Dice): Uint8Array =>
  tuple(...values.map((value) => integer(value, random)));

const stridesOf = (extents: readonly bigint[], random: Dice): bigint[] => {
  let stride = 1n;
  const strides = [...extents].reverse().map((extent) => {
    const own = stride;
    stride *= extent > 1n ? extent : 1n;
    return whole(own, random, 30);
  });
  return strides.reverse();
};

const tensor = (random: Dice): Uint8Array => {
  const extents = shape(random);
  const parts = [
    storage(small(extents), random),
    integer(whole(0, random, 10), random),
    numbers(extents, random),
    numbers(stridesOf(extents, random), random),
    op(once(2, random) ? '\x88' : '\x89'),
    joined(global('collections', 'OrderedDict'), EMPTY_TUPLE, REDUCE),
  ];
  if (hostile(40, random)) parts.splice(random(parts.length), 1);
  const rebuilt = joined(global('torch._utils', '_rebuild_tensor_v2'), tuple(...parts), REDUCE);
  if (!hostile(15, random)) return rebuilt;
  const wrapped = tuple(rebuilt, op('\x88'), value(random, 1));
  return joined(global('torch._utils', '_rebuild_parameter'), wrapped, REDUCE);
};

/** Lists that each contain the previous one twice: 2^n items in n lines. */
const bomb = (random: Dice): Uint8Array => {
  const levels = oneOf([10, 40, 400], random);
  const doubled = times(levels, (at) =>
    joined(EMPTY_LIST, MARK, ascii(`g${at}\ng${at}\n`), APPENDS, ascii(`p${at + 1}\n`)),
  );
  return joined(
    EMPTY_LIST,
    ascii('p0\n'),
    POP,
    ...doubled.flatMap((level, at) => (at === levels - 1 ? [level] : [level, POP])),
  );
};

/** A container that contains itself. */
const cycle = (random: Dice): Uint8Array =>
  once(2, random)
    ? joined(EMPTY_LIST, op('q', Buffer.from([9])), op('h', Buffer.from([9])), APPEND)
    : joined(
        EMPTY_DICT,
        op('q', Buffer.from([9])),
        text('self', random),
        op('h', Buffer.from([9])),
        ascii('s'),
      );

const SOUP =
  '()0123BCFGIJKLMNPQRSTUVXabcdeghijlopqrstu}]\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98';
const soup = (random: Dice): Uint8Array =>
  joined(
    ...times(1 + random(12), () =>
      once(2, random)
        ? op(SOUP[random(SOUP.length)])
        : op(SOUP[random(SOUP.length)], noise(random(9), random)),
    ),
  );

const VALUES: readonly ((random: Dice, depth: number) => Uint8Array)[] = [
  (random) => integer(whole(random(300), random), random),
  (random) => text(name(random), random),
  () => op('N'),
  (random) => op('G', noise(8, random)),
  (random) => anyGlobal(random),
  (random, depth) =>
    dictionary(
      times(random(4), () => [name(random), value(random, depth + 1)]),
      random,
    ),
  (random, depth) => joined(EMPTY_LIST, MARK, ...times(random(4), () => value(random, depth + 1)), APPENDS),
  (random, depth) => joined(anyGlobal(random), tuple(value(random, depth + 1)), REDUCE),
  (random, depth) => joined(value(random, depth + 1), value(random, depth + 1), BUILD),
  (random) => op('h', Buffer.from([random(12)])),
  (random) => op('j', uint(whole(random(12), random, 3), 4)),
  (random) => joined(op('r', uint(whole(1, random, 2), 4))),
  (random) => joined(EMPTY_LIST.subarray(0), ...times(oneOf([100, 3000, 40_000], random), () => EMPTY_LIST)),
  (random) => joined(...times(oneOf([100, 3000, 40_000], random), () => MARK)),
  bomb,
  cycle,
  soup,
  () => DUP,
  tensor,
];

function value(random: Dice, depth = 0): Uint8Array {
  if (depth > 4) return op('N');
  return once(3, random) ? tensor(random) : oneOf(VALUES, random)(random, depth);
}

export function dictionary(items: readonly (readonly [string, Uint8Array])[], random: Dice): Uint8Array {
  const start = once(2, random)
    ? EMPTY_DICT
    : joined(global('collections', 'OrderedDict'), EMPTY_TUPLE, REDUCE);
  const flat = items.flatMap(([key, item]) => [
    hostile(60, random) ? value(random, 3) : text(key, random),
    item,
  ]);
  return joined(start, MARK, ...flat, SETITEMS);
}

/** A program that builds tensors, and the storages that it names. */
export const program = (
  random: Dice,
): { readonly bytes: Uint8Array; readonly storages: readonly Storage[] } => {
  storages = [];
  const items = times(random(6), (at) => {
    const item = hostile(4, random) ? value(random) : tensor(random);
    return [nameAt(at, random), item] as const;
  });
  const states = dictionary(items, random);
  const object = hostile(6, random)
    ? dictionary(
        [
          ['state_dict', states],
          [name(random), value(random)],
        ],
        random,
      )
    : states;
  const frame = hostile(12, random)
    ? op('\x95', uint(whole(object.length, random, 2), 8))
    : new Uint8Array(0);
  const protocol = op('\x80', Buffer.from([choice([2, 4, 5], [0, 1, 6, 99], 20, random)]));
  const end = hostile(60, random) ? new Uint8Array(0) : STOP;
  return { bytes: worn(joined(protocol, frame, object, end), random), storages };
};

import { callResult } from './calls.ts';
import type { PickleCursor } from './cursor.ts';
import type { PickleMachine } from './machine.ts';
import { unescaped, unquoted } from './text.ts';
import { PickleGlobal, type PickleValue } from './value.ts';

type Opcode = (machine: PickleMachine, cursor: PickleCursor) => void;

const call = (machine: PickleMachine, callable: PickleValue, args: readonly PickleValue[]): void =>
  machine.make(callResult(callable, args, machine.charge));

const reduce = (machine: PickleMachine): void => {
  const args = machine.popList('arguments');
  call(machine, machine.pop(), args);
};

/** The named arguments of a constructor are not needed here. */
const newObjectWithNames = (machine: PickleMachine): void => {
  machine.pop();
  reduce(machine);
};

const instance: Opcode = (machine, cursor) => {
  const callable = new PickleGlobal(cursor.line(), cursor.line());
  call(machine, callable, machine.popToMark());
};

const object: Opcode = (machine, cursor) => {
  const [callable, ...args] = machine.popToMark();
  if (callable === undefined) throw cursor.fault('makes a pickled object without a class');
  call(machine, callable, args);
};

const stackGlobal: Opcode = (machine) => {
  const name = machine.pop();
  machine.makeGlobal(machine.pop(), name);
};

const tuple =
  (length: number): Opcode =>
  (machine) => {
    const items: PickleValue[] = new Array(length);
    for (let i = length - 1; i >= 0; i--) items[i] = machine.pop();
    machine.make(items);
  };

const dictionary: Opcode = (machine) => {
  const flat = machine.popToMark();
  machine.make(new Map());
  machine.setItems(flat);
};

const setItem: Opcode = (machine) => {
  const value = machine.pop();
  machine.setItems([machine.pop(), value]);
};

const append: Opcode = (machine) => {
  const item = machine.pop();
  machine.append([item]);
};

const stringLine: Opcode = (machine, cursor) => {
  const text = unquoted(cursor.line());
  if (text === null) throw cursor.fault('has a pickled string without quotes');
  machine.add(text);
};

const floatLine: Opcode = (machine, cursor) => {
  const text = cursor.line().trim();
  const known = new Map([
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['nan', NaN],
  ]).get(text);
  machine.add(known ?? Number(text));
};

const bytes =
  (length: (cursor: PickleCursor) => number): Opcode =>
  (machine, cursor) =>
    machine.make(cursor.bytes(length(cursor)));

const unicode =
  (length: (cursor: PickleCursor) => number): Opcode =>
  (machine, cursor) =>
    machine.add(cursor.unicode(length(cursor)));

const refuse =
  (what: string): Opcode =>
  (_, cursor) => {
    throw cursor.fault(what);
  };

const extension = refuse('uses a registered extension in its pickle, which has no meaning here');

const signedLength = (cursor: PickleCursor): number => {
  const length = cursor.int32();
  if (length < 0) throw cursor.fault(`has a pickled string of ${length} bytes`);
  return length;
};

/** Every instruction of protocols 0 to 5 but STOP, as in the table of Python's pickletools. */
const BY_CHARACTER: Readonly<Record<string, Opcode>> = {
  '(': (m) => m.mark(),
  '0': (m) => m.drop(),
  '1': (m) => void m.popToMark(),
  '2': (m) => m.push(m.top()),
  F: floatLine,
  // Protocol 0 writes the two booleans as integers too: 00 and 01.
  I: (m, c) => m.add(c.decimal()),
  J: (m, c) => m.add(c.int32()),
  K: (m, c) => m.push(c.uint8()),
  L: (m, c) => m.add(c.decimal()),
  M: (m, c) => m.push(c.uint16()),
  N: (m) => m.push(null),
  P: (m, c) => m.makeReference(c.line()),
  Q: (m) => m.makeReference(m.pop()),
  R: reduce,
  S: stringLine,
  T: (m, c) => m.add(c.latin1(signedLength(c))),
  U: (m, c) => m.add(c.latin1(c.uint8())),
  V: (m, c) => m.add(unescaped(c.line())),
  X: unicode((c) => c.uint32()),
  a: append,
  b: (m) => m.build(),
  c: (m, c) => m.makeGlobal(c.line(), c.line()),
  d: dictionary,
  '}': (m) => m.make(new Map()),
  e: (m) => m.append(m.popToMark()),
  g: (m, c) => m.recall(c.decimal()),
  h: (m, c) => m.recall(c.uint8()),
  i: instance,
  j: (m, c) => m.recall(c.uint32()),
  l: (m) => m.make(m.popToMark()),
  ']': (m) => m.make([]),
  o: object,
  p: (m, c) => m.remember(c.decimal()),
  q: (m, c) => m.remember(c.uint8()),
  r: (m, c) => m.remember(c.uint32()),
  s: setItem,
  t: (m) => m.make(m.popToMark()),
  ')': (m) => m.make([]),
  u: (m) => m.setItems(m.popToMark()),
  G: (m, c) => m.add(c.float64()),
  B: bytes((c) => c.uint32()),
  C: bytes((c) => c.uint8()),
};

const BY_CODE: Readonly<Record<number, Opcode>> = {
  128: (_, c) => {
    const protocol = c.uint8();
    if (protocol > 5) throw c.fault(`is a pickle of protocol ${protocol}, above 5`);
  },
  129: reduce,
  130: extension,
  131: extension,
  132: extension,
  133: tuple(1),
  134: tuple(2),
  135: tuple(3),
  136: (m) => m.push(true),
  137: (m) => m.push(false),
  138: (m, c) => m.add(c.long(c.uint8())),
  139: (m, c) => m.add(c.long(c.int32())),
  140: unicode((c) => c.uint8()),
  141: unicode((c) => c.length()),
  142: bytes((c) => c.length()),
  143: (m) => m.make(new Set()),
  144: (m) => m.append(m.popToMark()),
  145: (m) => m.make(new Set(m.popToMark())),
  146: newObjectWithNames,
  147: stackGlobal,
  148: (m) => m.memoize(),
  149: (_, c) => void c.length(),
  150: bytes((c) => c.length()),
  151: refuse('keeps a buffer outside its pickle, where it cannot be found'),
  152: () => {},
};

export const STOP = '.'.charCodeAt(0);

/** The instruction of each code, by index. */
export const OPCODES: readonly (Opcode | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => BY_CODE[code] ?? BY_CHARACTER[String.fromCharCode(code)],
);

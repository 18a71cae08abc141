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
  once,
  shape,
  small,
  times,
  whole,
  worn,
} from './values.ts';

/** A varint; sometimes of ten bytes, of too many, or with the sign extended. */
const varint = (value: bigint, random: Dice): Uint8Array => {
  if (hostile(200, random)) return Buffer.from([...times(oneOf([9, 10, 12], random), () => 0xff), random(3)]);
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  if (hostile(200, random)) bytes.splice(-1, 1, bytes[bytes.length - 1] | 0x80, 0x80, 0);
  return Buffer.from(bytes);
};

const key = (number: number, wire: number, random: Dice): Uint8Array =>
  varint(BigInt(number * 8 + (hostile(300, random) ? random(8) : wire)), random);

const int = (number: number, value: bigint, random: Dice): Uint8Array =>
  joined(key(number, 0, random), varint(value, random));

const bytes = (number: number, content: Uint8Array, random: Dice): Uint8Array =>
  joined(key(number, 2, random), varint(whole(content.length, random, 120), random), content);

const text = (number: number, value: string, random: Dice): Uint8Array =>
  bytes(number, Buffer.from(value, 'utf8'), random);

/** The fields of a message; one of them may be doubled, missing, unknown or a group. */
const message = (fields: readonly Uint8Array[], random: Dice): Uint8Array => {
  const all = [...fields];
  if (all.length > 0 && hostile(25, random)) all.push(oneOf(all, random));
  if (hostile(25, random))
    all.splice(random(all.length + 1), 0, int(random(2000) + 1, whole(1, random, 2), random));
  if (hostile(60, random)) all.push(Buffer.from([oneOf([0x0b, 0x0c, 0x07, 0x06], random)]));
  return joined(...all.filter(() => !hostile(60, random)));
};

const property = (at: number, one: string, other: string, random: Dice): Uint8Array =>
  bytes(at, message([text(1, one, random), text(2, other, random)], random), random);

const external = (random: Dice): Uint8Array[] => [
  property(
    13,
    'location',
    oneOf(['weights.bin', '../up.bin', '/etc/passwd', '', name(random)], random),
    random,
  ),
  property(13, 'offset', String(whole(0, random, 3)), random),
  property(13, 'length', String(whole(16, random, 3)), random),
  int(14, 1n, random),
];

/** Types of tensors, and the size of an element in bytes. */
const TYPES = new Map([
  [1, 4],
  [10, 2],
  [16, 2],
  [11, 8],
  [6, 4],
  [3, 1],
  [2, 1],
  [9, 1],
]);

const tensor = (random: Dice, named = name(random)): Uint8Array => {
  const extents = shape(random);
  const type = choice([...TYPES.keys()], [7, 17, 18, 20, 21, 22, 23, random(300)], 6, random);
  const dims = once(3, random)
    ? [bytes(1, joined(...extents.map((extent) => varint(extent, random))), random)]
    : extents.map((extent) => int(1, extent, random));
  const count = small(extents);
  const values = hostile(10, random)
    ? external(random)
    : hostile(4, random)
      ? [bytes(oneOf([4, 5, 7, 10, 11], random), noise(count * 4, random), random)]
      : [bytes(9, noise(count * (TYPES.get(type) ?? 1), random), random)];
  return message([...dims, int(2, BigInt(type), random), text(8, named, random), ...values], random);
};

const OPERATORS = [
  'MatMul',
  'Gemm',
  'Conv',
  'LSTM',
  'GRU',
  'Gather',
  'If',
  'Loop',
  'Constant',
  'QLinearConv',
  'DequantizeLinear',
  'Attention',
  'Transpose',
  name,
];

/** An attribute that its operator may have, and sometimes one of any name and kind. */
const attribute = (random: Dice, depth: number): Uint8Array => {
  const of = (named: string, field: Uint8Array, type: number) =>
    message([text(1, named, random), field, int(20, whole(type, random, 30), random)], random);
  const pair = () => message([bytes(1, tensor(random), random), bytes(2, tensor(random), random)], random);
  const kinds = [
    () => of('transB', int(3, whole(1, random), random), 2),
    () => of('hidden_size', int(3, whole(4, random, 4), random), 2),
    () => of('value', bytes(5, tensor(random), random), 4),
    () => of('layout', text(4, name(random), random), 3),
    () => of(name(random), bytes(22, pair(), random), 11),
    () => of('then_branch', bytes(6, graph(random, depth + 1), random), 5),
    () => of('body', bytes(11, graph(random, depth + 1), random), 10),
  ];
  return kinds[random(depth < 6 ? kinds.length : 4)]();
};

const node = (names: readonly string[], random: Dice, depth: number): Uint8Array => {
  const operator = oneOf(OPERATORS, random);
  const input = () => (names.length > 0 && !once(6, random) ? oneOf(names, random) : name(random));
  return message(
    [
      ...times(random(5), () => text(1, input(), random)),
      ...times(1 + random(2), () => text(2, once(4, random) ? input() : name(random), random)),
      text(4, typeof operator === 'string' ? operator : operator(random), random),
      ...times(random(3), () => bytes(5, attribute(random, depth), random)),
    ],
    random,
  );
};

const sparse = (random: Dice): Uint8Array =>
  message(
    [bytes(1, tensor(random), random), bytes(2, tensor(random), random), int(3, whole(4, random), random)],
    random,
  );

function graph(random: Dice, depth = 0): Uint8Array {
  const names = times(random(5), (at) => nameAt(at, random));
  return message(
    [
      ...times(random(depth > 2 ? 2 : 5), () => bytes(1, node(names, random, depth), random)),
      text(2, 'graph', random),
      ...names.map((named) => bytes(5, tensor(random, named), random)),
      ...(hostile(4, random) ? [bytes(15, sparse(random), random)] : []),
    ],
    random,
  );
}

/** Nested graphs, far deeper than in any model. */
const nested = (random: Dice): Uint8Array => {
  let inner = graph(random);
  for (let level = oneOf([20, 150, 700], random); level > 0; level--) {
    const holder = joined(
      text(4, 'If', random),
      bytes(5, joined(text(1, 'then_branch', random), bytes(6, inner, random)), random),
    );
    inner = bytes(1, holder, random);
  }
  return inner;
};

const make = (random: Dice): Uint8Array =>
  worn(
    message(
      [
        int(1, whole(8, random, 20), random),
        text(2, once(4, random) ? name(random) : 'pytorch', random),
        bytes(7, hostile(80, random) ? nested(random) : graph(random), random),
        bytes(8, message([text(1, '', random), int(2, whole(17, random), random)], random), random),
        ...(once(4, random) ? [property(14, name(random), name(random), random)] : []),
        ...(hostile(30, random)
          ? [
              bytes(
                25,
                message([text(1, name(random), random), bytes(7, node([], random, 0), random)], random),
                random,
              ),
            ]
          : []),
        ...(hostile(30, random)
          ? [bytes(20, message([bytes(1, graph(random), random)], random), random)]
          : []),
      ],
      random,
    ),
    random,
  );

export const onnxModels: Generator = {
  name: 'onnx',
  cases: 3000,
  run: (random) =>
    exercise('model.onnx', make(random), new Map([['weights.bin', noise(random(400), random)]]), random),
};

/**
 * Just enough of a WebAssembly assembler for the numeric kernels here: expressions are byte strings that
 * leave their value on the stack, so a kernel reads like formulas. Source: WebAssembly Core Specification
 * 2.0, chapter 5 (binary format).
 */
export type Code = readonly number[];

export type ValueType = 'i32' | 'f64' | 'v128';

const TYPE_CODES: Record<ValueType, number> = { i32: 0x7f, f64: 0x7c, v128: 0x7b };

/** A named local of a function: `value` reads it, `set` writes it. */
export interface Local {
  readonly value: Code;
  set(to: Code): Code;
}

export const join = (...parts: readonly Code[]): Code => parts.flat();

const operation =
  (...opcode: number[]) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), ...opcode];

/** Loads and stores take an address in bytes and a constant offset from it. */
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, 0, ...unsigned(offset)];
const store =
  (...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...opcode, 0, ...unsigned(offset)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: operation(0x6a),
  lessThan: operation(0x49),
};

export const f64 = {
  load: load(0x2b),
  store: store(0x39),
  add: operation(0xa0),
  subtract: operation(0xa1),
  multiply: operation(0xa2),
};

/** Two float64 side by side. */
export const f64x2 = {
  load: load(0xfd, 0x00),
  /** One number from memory in both lanes. */
  loadTwice: load(0xfd, 0x0a),
  store: store(0xfd, 0x0b),
  twice: operation(0xfd, 0x14),
  zero: [0xfd, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  add: operation(0xfd, 0xf0, 0x01),
  subtract: operation(0xfd, 0xf1, 0x01),
  multiply: operation(0xfd, 0xf2, 0x01),
  /** The sum of the two lanes of a local, as f64. */
  total: ({ value }: Local): Code => f64.add([...value, 0xfd, 0x21, 0], [...value, 0xfd, 0x21, 1]),
};

/** Runs `body` at least once, and again while `condition` (i32) is not 0. */
export const repeatWhile = (condition: Code, ...body: readonly Code[]): Code => [
  0x03,
  0x40,
  ...body.flat(),
  ...condition,
  0x0d,
  0x00,
  0x0b,
];

export interface FunctionCode {
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** A function without result; `write` gets its parameters and further locals by name. */
export function functionOf<P extends string, L extends string>(
  parameters: Readonly<Record<P, ValueType>>,
  locals: Readonly<Record<L, ValueType>>,
  write: (names: Readonly<Record<P | L, Local>>) => Code,
): FunctionCode {
  const names = [...Object.keys(parameters), ...Object.keys(locals)] as (P | L)[];
  const named = names.map((name, index) => [name, localAt(index)] as const);
  return {
    parameters: Object.values(parameters),
    locals: Object.values(locals),
    body: write(Object.fromEntries(named) as Record<P | L, Local>),
  };
}

const localAt = (index: number): Local => ({
  value: [0x20, ...unsigned(index)],
  set: (to) => [...to, 0x21, ...unsigned(index)],
});

/**
 * The bytes of a module that exports the functions by their names, and the `memory` they work on (one page at
 * first).
 */
export function moduleOf(functions: Readonly<Record<string, FunctionCode>>): Uint8Array<ArrayBuffer> {
  const list = Object.values(functions);
  const types = list.map(({ parameters }) => [0x60, ...vector(parameters.map(typeCode)), 0x00]);
  const exports = Object.keys(functions).map((name, index) => [...text(name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(
      3,
      list.map((_, index) => unsigned(index)),
    ),
    ...section(5, [[0x00, 0x01]]),
    ...section(7, [...exports, [...text('memory'), 0x02, 0x00]]),
    ...section(10, list.map(functionBody)),
  ]);
}

const typeCode = (type: ValueType): Code => [TYPE_CODES[type]];

function functionBody({ locals, body }: FunctionCode): Code {
  const code = [...vector(locals.map((type) => [1, TYPE_CODES[type]])), ...body, 0x0b];
  return [...unsigned(code.length), ...code];
}

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];

function section(id: number, items: readonly Code[]): Code {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

const text = (name: string): Code => vector([...name].map((letter) => [letter.charCodeAt(0)]));

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

import { type Kernel, kernel } from './kernel.ts';
import type { Recording } from './recording.ts';
import { broadcastShape, memoryShape, rowMajor, sameShape, type Value } from './value.ts';

/** The operand with leading axes of extent one, so that both have the same rank. */
function withRank(recording: Recording, value: Value, rank: number): Value {
  const missing = rank - value.shape.length;
  if (missing === 0) return value;
  const ones = Array<number>(missing).fill(1);
  const order = [...rowMajor(missing), ...value.order.map((axis) => axis + missing)];
  const widened = { ...value, shape: [...ones, ...value.shape], stored: [...ones, ...value.stored], order };
  if (value.uniform !== undefined) return widened;
  return {
    ...widened,
    name: recording.reshape(value.name, memoryShape(value), memoryShape(widened)),
  };
}

/** Brings operands to one rank and one axis order: those of the largest, so that only small ones are moved. */
function aligned(recording: Recording, values: readonly Value[]): Value[] {
  const rank = values.reduce((most, value) => Math.max(most, value.shape.length), 0);
  const wide = values.map((value) => withRank(recording, value, rank));
  const largest = wide.reduce((a, b) => (recording.storedSize(b) > recording.storedSize(a) ? b : a));
  return wide.map((value) => recording.inOrder(value, largest.order));
}

const operand = (recording: Recording, value: Value): string =>
  value.uniform === undefined ? value.name : recording.scalar(value.uniform, value.type);

/** ONNX Runtime repeats an operand for each run of this many elements, or more, at the speed of one that it does not repeat. */
const LONG_RUN = 256;

/**
 * A vector along the last axis in memory is repeated for every position of a map, a few channels at a time, which is slow. Repeated along the
 * axis before it first, it is still small, and the runs are long.
 */
function inLongRuns(recording: Recording, value: Value, largest: Value): Value {
  const rank = value.order.length;
  const [inner, outer] = [value.order[rank - 1], value.order[rank - 2]];
  const run = value.stored[inner];
  const isVector =
    rank > 2 &&
    value.uniform === undefined &&
    run > 1 &&
    value.order.every((axis) => axis === inner || value.stored[axis] === 1);
  const repeats = largest.stored[outer];
  if (!isVector || run >= LONG_RUN || repeats === 1 || recording.isDynamic(repeats)) return value;
  const stored = value.stored.map((extent, axis) => (axis === outer ? repeats : extent));
  const shape = recording.graph.integers(value.order.map((axis) => stored[axis]));
  return { ...value, stored, name: recording.node('Expand', [value.name, shape]) };
}

/** Emits `op` over aligned operands and describes the result as stored. */
function emit(recording: Recording, op: string, operands: readonly Value[], type = operands[0].type): Value {
  const together = aligned(recording, operands);
  const largest = together.reduce((a, b) => (recording.storedSize(b) > recording.storedSize(a) ? b : a));
  const values = together.map((value) => inLongRuns(recording, value, largest));
  const name = recording.node(
    op,
    values.map((value) => operand(recording, value)),
  );
  const stored = values.map((value) => value.stored).reduce(broadcastShape);
  const shape = values.map((value) => value.shape).reduce(broadcastShape);
  const reference = values.find((value) => value.uniform === undefined) ?? values[0];
  return { name, type, shape, stored, order: reference.order };
}

/** The same value viewed in a larger shape, without copying. */
function repeated(recording: Recording, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  return { ...withRank(recording, value, shape.length), shape };
}

type Fold = (a: number, b: number) => number;
/** Rewrites a call with a uniform operand; undefined keeps the general form. */
type Shortcut = (recording: Recording, a: Value, b: Value, shape: readonly number[]) => Value | undefined;

function binary(op: string, fold: Fold, shortcut: Shortcut = () => undefined): Kernel {
  return kernel(['a', 'b'], (recording, [a, b]) => {
    const shape = broadcastShape(a.shape, b.shape);
    if (a.uniform !== undefined && b.uniform !== undefined) {
      return recording.uniform(fold(a.uniform, b.uniform), a.type, shape);
    }
    const short = shortcut(recording, a, b, shape);
    // The shape is that of tfjs even if only one operand is stored.
    return short ?? { ...emit(recording, op, [a, b]), shape };
  });
}

function comparison(op: string, fold: (a: number, b: number) => boolean, negate = false): Kernel {
  return kernel(['a', 'b'], (recording, [a, b]) => {
    const shape = broadcastShape(a.shape, b.shape);
    if (a.uniform !== undefined && b.uniform !== undefined) {
      return recording.uniform(Number(fold(a.uniform, b.uniform)), 'bool', shape);
    }
    const result = { ...emit(recording, op, [a, b], 'bool'), shape };
    return negate ? { ...result, name: recording.node('Not', [result.name]) } : result;
  });
}

const product: Shortcut = (recording, a, b, shape) => {
  if (a.uniform === 0 || b.uniform === 0) return recording.uniform(0, a.type, shape);
  if (a.uniform === 1) return repeated(recording, b, shape);
  return b.uniform === 1 ? repeated(recording, a, shape) : undefined;
};

const sum: Shortcut = (recording, a, b, shape) => {
  if (a.uniform === 0) return repeated(recording, b, shape);
  return b.uniform === 0 ? repeated(recording, a, shape) : undefined;
};

const difference: Shortcut = (recording, a, b, shape) => {
  if (b.uniform === 0) return repeated(recording, a, shape);
  return a.uniform === 0
    ? repeated(
        recording,
        unary(recording, 'Neg', b, (x) => -x),
        shape,
      )
    : undefined;
};

const quotient: Shortcut = (recording, a, b, shape) =>
  b.uniform === 1 ? repeated(recording, a, shape) : undefined;

function unary(recording: Recording, op: string, x: Value, fold: (x: number) => number): Value {
  if (x.uniform !== undefined) return { ...x, uniform: fold(x.uniform) };
  return { ...x, name: recording.node(op, [x.name]) };
}

const unaryKernel = (op: string, fold: (x: number) => number): Kernel =>
  kernel(['x'], (recording, [x]) => unary(recording, op, x, fold));

/** 1 where x > 0, else `alpha`. */
function step(recording: Recording, x: Value, alpha: number): Value {
  if (x.uniform !== undefined) return { ...x, uniform: x.uniform > 0 ? 1 : alpha };
  const positive: Value = {
    ...x,

    type: 'bool',
    name: recording.node('Greater', [x.name, recording.scalar(0, x.type)]),
  };
  if (alpha === 0) return recording.cast(positive, x.type);
  const chosen = [positive.name, recording.scalar(1, x.type), recording.scalar(alpha, x.type)];
  return { ...x, name: recording.node('Where', chosen) };
}

const square = (recording: Recording, x: Value): Value =>
  x.uniform === undefined
    ? { ...x, name: recording.node('Mul', [x.name, x.name]) }
    : { ...x, uniform: x.uniform * x.uniform };

const and = comparison('And', (a, b) => a !== 0 && b !== 0);
const or = comparison('Or', (a, b) => a !== 0 || b !== 0);
const not = (recording: Recording, x: Value): Value =>
  unary(recording, 'Not', x, (value) => Number(value === 0));

function sign(recording: Recording, x: Value): Value {
  if (recording.operators !== 'webgpu' || x.uniform !== undefined)
    return unary(recording, 'Sign', x, Math.sign);
  // Not on WebGPU: (x > 0) - (-x > 0).
  const negative = step(
    recording,
    unary(recording, 'Neg', x, (value) => -value),
    0,
  );
  return emit(recording, 'Sub', [step(recording, x, 0), negative]);
}

export const elementwise: Readonly<Record<string, Kernel>> = {
  Add: binary('Add', (a, b) => a + b, sum),
  Sub: binary('Sub', (a, b) => a - b, difference),
  Multiply: binary('Mul', (a, b) => a * b, product),
  RealDiv: binary('Div', (a, b) => a / b, quotient),
  Maximum: binary('Max', Math.max),
  Minimum: binary('Min', Math.min),
  Pow: binary('Pow', (a, b) => a ** b),
  SquaredDifference: kernel(['a', 'b'], (recording, [a, b]) =>
    square(recording, emit(recording, 'Sub', [a, b])),
  ),
  AddN: kernel(null, (recording, values) => values.reduce((a, b) => emit(recording, 'Add', [a, b]))),
  Greater: comparison('Greater', (a, b) => a > b),
  GreaterEqual: comparison('GreaterOrEqual', (a, b) => a >= b),
  Less: comparison('Less', (a, b) => a < b),
  LessEqual: comparison('LessOrEqual', (a, b) => a <= b),
  Equal: comparison('Equal', (a, b) => a === b),
  NotEqual: comparison('Equal', (a, b) => a !== b, true),
  LogicalAnd: and,
  LogicalOr: kernel(['a', 'b'], (recording, values, attributes) => {
    if (recording.operators !== 'webgpu') return or.record(recording, values, attributes);
    // Not on WebGPU: not (not a and not b).
    const [a, b] = values.map((value) => not(recording, value));
    return not(recording, and.record(recording, [a, b], attributes) as Value);
  }),
  LogicalNot: kernel(['x'], (recording, [x]) => not(recording, x)),
  Select: kernel(['condition', 't', 'e'], (recording, [condition, t, e]) => {
    // In tfjs a vector condition can choose whole rows; nothing here uses that form.
    if (condition.shape.length !== t.shape.length) throw new Error('a row-wise tf.where cannot be recorded');
    return { ...emit(recording, 'Where', [condition, t, e], t.type), shape: t.shape };
  }),
  Exp: unaryKernel('Exp', Math.exp),
  Log: unaryKernel('Log', Math.log),
  Sqrt: unaryKernel('Sqrt', Math.sqrt),
  Neg: unaryKernel('Neg', (x) => -x),
  Abs: unaryKernel('Abs', Math.abs),
  Sign: kernel(['x'], (recording, [x]) => sign(recording, x)),
  Relu: unaryKernel('Relu', (x) => Math.max(x, 0)),
  Reciprocal: unaryKernel('Reciprocal', (x) => 1 / x),
  Sigmoid: unaryKernel('Sigmoid', (x) => 1 / (1 + Math.exp(-x))),
  Tanh: unaryKernel('Tanh', Math.tanh),
  Softplus: unaryKernel('Softplus', (x) => Math.log1p(Math.exp(x))),
  Rsqrt: kernel(['x'], (recording, [x]) =>
    unary(recording, 'Reciprocal', unary(recording, 'Sqrt', x, Math.sqrt), (value) => 1 / value),
  ),
  Square: kernel(['x'], (recording, [x]) => square(recording, x)),
  Step: kernel(['x'], (recording, [x], { alpha }) => step(recording, x, (alpha as number | undefined) ?? 0)),
  ClipByValue: kernel(['x'], (recording, [x], { clipValueMin, clipValueMax }) => {
    const low = recording.uniform(clipValueMin as number, x.type, x.shape);
    const high = recording.uniform(clipValueMax as number, x.type, x.shape);
    return emit(recording, 'Min', [emit(recording, 'Max', [x, low]), high]);
  }),
  Identity: kernel(['x'], (_recording, [x]) => x),
  Cast: kernel(['x'], (recording, [x], { dtype }) =>
    recording.cast(x, recording.elementType(dtype as string)),
  ),
  Fill: kernel([], (recording, _inputs, { shape, value, dtype }) =>
    recording.uniform(
      value as number,
      recording.elementType((dtype as string | undefined) ?? 'float32'),
      shape as number[],
    ),
  ),
  Range: kernel([], (recording, _inputs, { start, stop, step: by, dtype }) => {
    const [first, last, distance] = [start, stop, by] as number[];
    const count = Math.max(0, Math.ceil((last - first) / distance));
    const values = Array.from({ length: count }, (_, index) => first + index * distance);
    return recording.fromHost(values, [count], dtype as 'float32' | 'int32');
  }),
  ZerosLike: kernel(['x'], (recording, [x]) => recording.uniform(0, x.type, x.shape)),
  OnesLike: kernel(['x'], (recording, [x]) => recording.uniform(1, x.type, x.shape)),
};

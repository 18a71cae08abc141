import { type Part, splitView, whole, wholeView } from './parts.ts';
import { axesOf } from './view.ts';

type Shapes = (name: string) => readonly number[] | undefined;

/** Gates in the order in which each library stacks them, by how many there are. */
export type Gates = Readonly<Record<number, readonly string[]>>;

const PYTORCH_GATES: Gates = {
  4: ['i', 'f', 'g', 'o'],
  3: ['r', 'z', 'n'],
};
export const KERAS_GATES: Gates = {
  4: ['i', 'f', 'c', 'o'],
  3: ['z', 'r', 'h'],
};

/** Gates in the order of ONNX's operators (onnx/defs/rnn/defs.cc). */
const ONNX_GATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['LSTM', ['i', 'o', 'f', 'c']],
  ['GRU', ['z', 'r', 'h']],
  ['RNN', ['']],
]);
/** A recurrent operator of one direction names only its gates. */
const DIRECTIONS: Readonly<Record<number, readonly string[]>> = { 1: [''], 2: ['forward', 'reverse'] };

/**
 * W or R of a recurrent operator of ONNX, directions x (gates * hidden) x inputs: one matrix, hidden x inputs, for each
 * direction and gate. The whole tensor if the shape does not fit the operator.
 */
export const onnxGates = (operator: string, shape: readonly number[]): Part[] => {
  const gates = ONNX_GATES.get(operator);
  const directions = DIRECTIONS[shape[0]];
  const hidden = shape[1] / (gates?.length ?? 1);
  if (shape.length !== 3 || !gates || !directions || !Number.isInteger(hidden)) {
    return whole(wholeView(shape, shape.length - 1));
  }
  const [direction, rows, columns] = axesOf(shape);
  return directions.flatMap((way, d) =>
    gates.map((gate, g) => ({
      part: [way, gate].filter((text) => text !== '').join('.') || null,
      view: {
        offset: d * direction.stride + g * hidden * rows.stride,
        rows: [{ extent: hidden, stride: rows.stride }],
        columns: [columns],
        slices: [],
      },
    })),
  );
};

/**
 * `weight_ih_l0` of PyTorch is (gates * hidden) x inputs: the number of gates follows from `weight_hh_l0`, which is
 * (gates * hidden) x hidden, or x projected if there is a `weight_hr_l0` (projected x hidden).
 */
const pytorchParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null => {
  const match = /(?:^|[._/])weight_(ih|hh|hr)((?:_l\d{1,4})?(?:_reverse)?)$/.exec(name);
  if (match === null) return null;
  const [, which, after] = match;
  const before = name.slice(0, name.length - `weight_${which}${after}`.length);
  if (which === 'hr') return whole(wholeView(shape));
  const hidden =
    shapeOf(`${before}weight_hr${after}`)?.[1] ?? shapeOf(`${before}weight_hh${after}`)?.[1] ?? 0;
  const gates = PYTORCH_GATES[shape[0] / hidden];
  return gates === undefined ? whole(wholeView(shape)) : splitView(shape, 0, gates);
};

/** The recurrent kernel beside a kernel of Keras: by its name, or by its number in the files of Keras 3. */
const recurrentName = (name: string): string | null => {
  if (/recurrent_kernel(?::\d+)?$/.test(name)) return name;
  if (/(?:^|[/_])kernel(?::\d+)?$/.test(name)) return name.replace(/kernel(:\d+)?$/, 'recurrent_kernel$1');
  return /\/vars\/[01]$/.test(name) && /lstm|gru|rnn/i.test(name) ? name.replace(/\d$/, '1') : null;
};

/** Kernels of Keras are inputs x (gates * units) and units x (gates * units). */
const kerasParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null => {
  const beside = recurrentName(name);
  const recurrent = beside === null ? undefined : shapeOf(beside);
  if (recurrent?.length !== 2 || recurrent[1] !== shape[1]) return null;
  const gates = KERAS_GATES[recurrent[1] / recurrent[0]];
  return gates === undefined ? whole(wholeView(shape)) : splitView(shape, 1, gates);
};

/** The gates of a recurrent layer's matrix, or null if its name does not show any. */
export const recurrentParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null =>
  shape.length === 2 ? (pytorchParts(name, shape, shapeOf) ?? kerasParts(name, shape, shapeOf)) : null;

import { type Part, splitView, whole, wholeView } from './parts.ts';

type Shapes = (name: string) => readonly number[] | undefined;

/** Gates in the order in which each library stacks them. */
const PYTORCH_GATES: Readonly<Record<number, readonly string[]>> = {
  4: ['i', 'f', 'g', 'o'],
  3: ['r', 'z', 'n'],
};
const KERAS_GATES: Readonly<Record<number, readonly string[]>> = {
  4: ['i', 'f', 'c', 'o'],
  3: ['z', 'r', 'h'],
};

/**
 * `weight_ih_l0` of PyTorch is (gates * hidden) x inputs: how many gates there are shows in `weight_hh_l0`, which is
 * (gates * hidden) x hidden, or x projected where there is a `weight_hr_l0` (projected x hidden).
 */
const pytorchParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null => {
  const match = /^(.*?)weight_(ih|hh|hr)((?:_l\d{1,4})?(?:_reverse)?)$/.exec(name);
  if (match === null) return null;
  const [, before, which, after] = match;
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
  return /(?:lstm|gru|rnn).*\/vars\/[01]$/i.test(name) ? name.replace(/\d$/, '1') : null;
};

/** Kernels of Keras are inputs x (gates * units) and units x (gates * units). */
const kerasParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null => {
  const beside = recurrentName(name);
  const recurrent = beside === null ? undefined : shapeOf(beside);
  if (recurrent?.length !== 2 || recurrent[1] !== shape[1]) return null;
  const gates = KERAS_GATES[recurrent[1] / recurrent[0]];
  return gates === undefined ? whole(wholeView(shape)) : splitView(shape, 1, gates);
};

/** The gates of a recurrent layer's matrix, or null when it is none. */
export const recurrentParts = (name: string, shape: readonly number[], shapeOf: Shapes): Part[] | null =>
  shape.length === 2 ? (pytorchParts(name, shape, shapeOf) ?? kerasParts(name, shape, shapeOf)) : null;

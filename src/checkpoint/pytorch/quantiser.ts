import { PickleGlobal, type PickleValue } from '../pickle/value.ts';
import { type Blocks, blocksOf, forEachRun } from '../quantised/spread.ts';
import { type ElementType, elementCount, type NumericArray } from '../tensor.ts';
import type { PytorchView } from './view.ts';

/** How the integers of a quantised tensor represent numbers: (integer - zero) * scale, for all or along an axis. */
export interface Quantiser {
  readonly scale: number | PytorchView;
  readonly zero: number | PytorchView;
  /** -1 if there is a single scale. */
  readonly axis: number;
}

/** What the integers of PyTorch's quantised types are read as; those smaller than a byte are not read. */
const INTEGERS: ReadonlyMap<string, ElementType> = new Map([
  ['qint8', 'int8'],
  ['quint8', 'uint8'],
  ['qint32', 'int32'],
]);

export const integerOf = ({ dtype }: Pick<PytorchView, 'dtype'>): ElementType | undefined =>
  INTEGERS.get(dtype?.name ?? '');

const isNumber = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const isTable = (view: PytorchView | null, extent: number): view is PytorchView =>
  view !== null && view.unreadable === undefined && view.shape.length === 1 && view.shape[0] === extent;

/**
 * The quantiser that a pickle describes (torch/_tensor.py, `_reduce_ex_internal`), or null for one that is not known or
 * does not fit the shape. `rebuild` reads the tensors of scales and zeros.
 */
export const quantiserOf = (
  params: PickleValue | undefined,
  shape: readonly number[],
  rebuild: (value: PickleValue | undefined) => PytorchView | null,
): Quantiser | null => {
  if (!Array.isArray(params) || !(params[0] instanceof PickleGlobal)) return null;
  const [scheme, scale, zero, axis] = params;
  if (scheme.name === 'per_tensor_affine') {
    return isNumber(scale) && isNumber(zero) ? { scale, zero, axis: -1 } : null;
  }
  if (scheme.name !== 'per_channel_affine' || !isNumber(axis)) return null;
  const [scales, zeros] = [rebuild(scale), rebuild(zero)];
  const extent = shape[axis] ?? Number.NaN;
  return isTable(scales, extent) && isTable(zeros, extent) ? { scale: scales, zero: zeros, axis } : null;
};

type ReadTable = (view: PytorchView) => Promise<NumericArray>;

const tableOf = async (value: number | PytorchView, read: ReadTable): Promise<NumericArray> =>
  typeof value === 'number' ? Float64Array.of(value) : read(value);

/** The values of a quantised tensor in float32, as `dequantize` computes them. */
export const scaledBy = async (
  { scale, zero, axis }: Quantiser,
  shape: readonly number[],
  integers: NumericArray,
  read: ReadTable,
): Promise<Float32Array> => {
  const scales = await tableOf(scale, read);
  const zeros = await tableOf(zero, read);
  const values = Float32Array.from({ length: elementCount(shape) ?? 0 });
  const table = axis < 0 ? [1] : [shape[axis]];
  const blocks = blocksOf(shape, table, { axis }) as Blocks;
  forEachRun(shape, blocks, (begin, end, at) => {
    // PyTorch uses a single scale as float32, and scales along an axis as stored, usually float64.
    const factor = axis < 0 ? Math.fround(scales[at]) : scales[at];
    for (let i = begin; i < end; i++) values[i] = (integers[i] - zeros[at]) * factor;
  });
  return values;
};

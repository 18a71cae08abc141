import { inputFault, shown } from '../../protocol/index.ts';
import type { TensorEntry } from '../checkpoint.ts';
import { NARROW } from '../narrowElements.ts';
import { elementCount, type NumericArray, type StoredTensor } from '../tensor.ts';
import { BYTE } from './rule.ts';
import type { PackedCodes, Scaling } from './scaling.ts';
import { type Blocks, blocksOf, forEachRun } from './spread.ts';

/** A tensor of the checkpoint as it is stored. */
export type ReadStored = (name: string) => Promise<StoredTensor>;

const CODES: Readonly<Record<PackedCodes, Float64Array>> = {
  e2m1: NARROW.float4_e2m1.codes,
  uint4: NARROW.uint4.codes,
};

const float32s = (count: number, name: string, path: string): Float32Array => {
  try {
    return new Float32Array(count);
  } catch (error) {
    const what = `has ${count} values in tensor ${shown(name)}, more than fit in memory`;
    throw inputFault(what, path, 'Split the tensor into smaller ones', error);
  }
};

/** Four-bit codes, low bits first, from stored bytes or words. */
const unpack = ({ dtype, data }: StoredTensor, codes: Float64Array, into: Float32Array): Float32Array => {
  const perNumber = dtype === 'uint8' || dtype === 'int8' ? 2 : 8;
  for (let i = 0; i < into.length; i++) {
    into[i] = codes[(data[Math.floor(i / perNumber)] >>> (4 * (i % perNumber))) & 15];
  }
  return into;
};

/** The zeros of each row of the table; a row begins at a whole byte. */
const unpackZeros = ({ data }: StoredTensor, [rows, columns]: readonly number[]): Float32Array => {
  const bytes = Math.ceil(columns / 2);
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return (data[row * bytes + (column >> 1)] >>> (4 * (column % 2))) & 15;
  });
};

const single = async (read: ReadStored, name: string): Promise<number> => Number((await read(name)).data[0]);

/** The scales, combined with all constant factors. */
const scalesOf = async (scaling: Scaling, read: ReadStored): Promise<NumericArray> => {
  const { data } = await read(scaling.scale);
  const { factor, constant = 1, exponents } = scaling;
  if (exponents) return Float32Array.from(data, (code) => NARROW.float8_e8m0fnu.codes[code]);
  if (factor === undefined) return constant === 1 ? data : Float64Array.from(data, (each) => each * constant);
  const second = await single(read, factor.tensor);
  return Float32Array.from(data, (each) => (factor.over ? each / second : each * second) * constant);
};

const checkCondition = async (
  { condition }: Scaling,
  read: ReadStored,
  name: string,
  path: string,
): Promise<void> => {
  if (condition === undefined || (await single(read, condition.tensor)) === condition.value) return;
  throw inputFault(`tensor ${shown(name)} ${condition.otherwise}`, path, 'Save it without quantisation');
};

/** A tensor with its scaling, checked against the shapes of its tables: none of it is read yet. */
export interface ScaledTensor {
  readonly entry: TensorEntry;
  readonly scaling: Scaling;
  readonly shape: readonly number[];
  readonly tableShape: readonly number[];
  readonly blocks: Blocks;
  readonly zeroBlocks?: Blocks;
  readonly packedZero?: boolean;
}

/**
 * The values of a scaled tensor in float32, each step rounded once, as the libraries that write these files compute
 * them: `number - zero` is exact for 8 bits and less, and the product with the scale is rounded.
 */
export const dequantise = async (
  { entry, scaling, shape, tableShape, blocks, zeroBlocks, packedZero }: ScaledTensor,
  read: ReadStored,
  path: string,
): Promise<StoredTensor> => {
  await checkCondition(scaling, read, entry.name, path);
  const scales = await scalesOf(scaling, read);
  const stored = await read(entry.name);
  const values = float32s(elementCount(shape) as number, entry.name, path);
  if (scaling.packed === undefined) values.set(stored.data);
  else unpack(stored, CODES[scaling.packed], values);
  if (scaling.zero !== undefined && zeroBlocks !== undefined) {
    const zero = await read(scaling.zero);
    const zeros = packedZero ? unpackZeros(zero, tableShape) : zero.data;
    forEachRun(shape, zeroBlocks, (begin, end, at) => {
      for (let i = begin; i < end; i++) values[i] -= zeros[at];
    });
  } else if (scaling.constantZero !== undefined) {
    for (let i = 0; i < values.length; i++) values[i] -= scaling.constantZero;
  }
  forEachRun(shape, blocks, (begin, end, at) => {
    const scale = scales[at];
    if (scaling.divides) for (let i = begin; i < end; i++) values[i] /= scale;
    else for (let i = begin; i < end; i++) values[i] *= scale;
  });
  return { dtype: 'float32', shape, data: values };
};

type Tensors = ReadonlyMap<string, TensorEntry>;

/** Shapes of the values, and of packed ones. */
const valueShape = ({ dtype, shape }: TensorEntry, scaling: Scaling): readonly number[] => {
  if (scaling.shape !== undefined) return scaling.shape;
  if (scaling.packed === undefined) return shape;
  return [...shape.slice(0, -1), (shape.at(-1) ?? 0) * (/32/.test(dtype) ? 8 : 2)];
};

/** Whether the stored numbers are as many as the shape of the values requires. */
const holds = ({ dtype, shape }: TensorEntry, { packed }: Scaling, values: readonly number[]): boolean => {
  const stored = (elementCount(shape) ?? Number.NaN) * (packed === undefined ? 1 : /32/.test(dtype) ? 8 : 2);
  return stored === elementCount(values);
};

/** The tensor with its scaling, or why it does not fit its tables, in words that can follow its name. */
export const scaledTensor = (
  entry: TensorEntry,
  scaling: Scaling,
  tensors: Tensors,
): ScaledTensor | string => {
  if (scaling.refused !== undefined) return scaling.refused;
  const scale = tensors.get(scaling.scale);
  const zero = scaling.zero === undefined ? undefined : tensors.get(scaling.zero);
  const refuse = (what: string) => `is quantised (${scaling.scheme}), and ${what}`;
  if (scale === undefined || (scaling.zero !== undefined && zero === undefined)) {
    return refuse(`its ${scale === undefined ? 'scale' : 'zero point'} is not found`);
  }
  const shape = valueShape(entry, scaling);
  const tableShape = scaling.tableShape ?? scale.shape;
  const blocks = blocksOf(shape, tableShape, scaling);
  const counted = elementCount(scale.shape) === elementCount(tableShape);
  if (blocks === null || !counted || !holds(entry, scaling, shape)) {
    return refuse(`its scale has the shape [${scale.shape.join(', ')}], which does not fit`);
  }
  const unread = [scale, zero].find((table) => table?.unreadable !== undefined);
  if (unread !== undefined) return refuse(`its ${unread === scale ? 'scale' : 'zero point'} is not read`);
  const factor = scaling.factor && tensors.get(scaling.factor.tensor);
  if (scaling.factor !== undefined && (factor === undefined || elementCount(factor.shape) !== 1)) {
    return refuse('the scale of its scales is not one number');
  }
  const found: ScaledTensor = { entry, scaling, shape, tableShape, blocks };
  if (zero === undefined) return found;
  const isPacked = scaling.packedZero === true && BYTE.test(zero.dtype);
  const [rows, columns] = tableShape;
  const packedCount = isPacked ? rows * Math.ceil(columns / 2) : elementCount(zero.shape);
  const zeroShape = isPacked ? tableShape : (zeroTableShape(zero, scale, tableShape) ?? zero.shape);
  const zeroBlocks = blocksOf(shape, zeroShape, scaling);
  if (zeroBlocks === null || elementCount(zero.shape) !== packedCount) {
    return refuse(`its zero point has the shape [${zero.shape.join(', ')}], which does not fit`);
  }
  return { ...found, zeroBlocks, packedZero: isPacked };
};

/** Zeros laid out like the scales have the same shape. */
const zeroTableShape = (zero: TensorEntry, scale: TensorEntry, tableShape: readonly number[]) =>
  elementCount(zero.shape) === elementCount(scale.shape) ? tableShape : undefined;

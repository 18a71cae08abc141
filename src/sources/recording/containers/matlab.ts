import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import type { Checkpoint, ElementType, NumericArray } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { inputFault, shown } from '../../../protocol/index.ts';

/** How files of version 5 begin; those of version 7.3 are HDF5. */
export const MATLAB_HEAD = 'MATLAB 5';

/** More is not one file of activations. */
const MOST_BYTES = 2 ** 31;
const HEADER = 128;

/** Types of elements (MAT-File Format, table 1-1). */
const MATRIX = 14;
const COMPRESSED = 15;
const NUMBERS: Readonly<Record<number, { readonly dtype: ElementType; readonly bytes: number }>> = {
  1: { dtype: 'int8', bytes: 1 },
  2: { dtype: 'uint8', bytes: 1 },
  3: { dtype: 'int16', bytes: 2 },
  4: { dtype: 'uint16', bytes: 2 },
  5: { dtype: 'int32', bytes: 4 },
  6: { dtype: 'uint32', bytes: 4 },
  7: { dtype: 'float32', bytes: 4 },
  9: { dtype: 'float64', bytes: 8 },
  12: { dtype: 'int64', bytes: 8 },
  13: { dtype: 'uint64', bytes: 8 },
};
/** Classes of arrays (table 1-3) that are of numbers, and what they hold. */
const CLASSES: Readonly<Record<number, ElementType>> = {
  6: 'float64',
  7: 'float32',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

interface MatlabArray {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** Row-major. */
  values(): NumericArray;
}

/** MAT files of version 5, as `scipy.io.savemat` writes them: real arrays of numbers; others are left out. */
export const openMatlab = async (path: string): Promise<Checkpoint> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw readFault(path, error);
  });
  const refuse = (what: string, at: number): Error =>
    inputFault(what, `${path}, byte ${at}`, 'Save it again, or as .npz');
  if (bytes.toString('latin1', 126, 128) !== 'IM') throw refuse('has the byte order of another machine', 126);
  const arrays = new Map<string, MatlabArray>();
  for (const element of elementsIn(bytes, HEADER, refuse)) {
    const inflated = element.type === COMPRESSED ? inflatedParts(element, refuse) : [element];
    for (const matrix of inflated) {
      const array = matrix.type === MATRIX ? arrayIn(matrix, refuse) : null;
      if (array !== null) arrays.set(array.name, array);
    }
  }
  return {
    path,
    format: 'MATLAB',
    metadata: new Map(),
    tensors: new Map(
      [...arrays].map(([name, { dtype, shape }]) => [
        name,
        { name, dtype, shape, bytes: 8 * shape.reduce((product, extent) => product * extent, 1) },
      ]),
    ),
    read: async (name) => {
      const array = arrays.get(name);
      if (array === undefined) throw inputFault(`has no array ${shown(name)}`, path, 'Use one of its arrays');
      return { dtype: array.dtype, shape: array.shape, data: array.values() };
    },
    ranges: () => null,
    close: async () => {},
  };
};

type Refuse = (what: string, at: number) => Error;

/** A data element: its type, and its bytes. */
interface Element {
  readonly type: number;
  readonly bytes: Buffer;
  /** Of its tag, in the file or in what was inflated. */
  readonly at: number;
}

function* elementsIn(bytes: Buffer, from: number, refuse: Refuse): Generator<Element> {
  for (let at = from; at + 8 <= bytes.length; ) {
    const first = bytes.readUInt32LE(at);
    // A small element has its size and up to four bytes in the tag itself.
    const small = first >>> 16;
    const [type, size, start] =
      small > 0 ? [first & 0xffff, small, at + 4] : [first, bytes.readUInt32LE(at + 4), at + 8];
    if (start + size > bytes.length || (small > 0 && small > 4)) throw refuse('is cut off', at);
    yield { type, bytes: bytes.subarray(start, start + size), at };
    // What is compressed is not padded to 8 bytes.
    at = small > 0 ? at + 8 : start + (type === COMPRESSED ? size : 8 * Math.ceil(size / 8));
  }
}

const inflatedParts = ({ bytes, at }: Element, refuse: Refuse): Element[] => {
  try {
    return [...elementsIn(inflateSync(bytes, { maxOutputLength: MOST_BYTES }), 0, refuse)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw refuse('has damaged compressed data', at);
  }
};

/** Null for what is no real array of numbers. */
const arrayIn = ({ bytes, at }: Element, refuse: Refuse): MatlabArray | null => {
  const [flags, extents, label, real] = elementsIn(bytes, 0, refuse);
  if (flags === undefined || extents === undefined || label === undefined || flags.bytes.length < 4) {
    throw refuse('has an array without a name or shape', at);
  }
  const word = flags.bytes.readUInt32LE(0);
  const dtype = CLASSES[word & 0xff];
  const isComplex = (word & 0x800) !== 0;
  if (dtype === undefined || isComplex || real === undefined) return null;
  const shape = Array.from({ length: Math.floor(extents.bytes.length / 4) }, (_, axis) =>
    extents.bytes.readInt32LE(4 * axis),
  );
  const count = shape.reduce((product, extent) => product * extent, 1);
  const stored = NUMBERS[real.type];
  if (
    stored === undefined ||
    shape.some((extent) => extent < 0) ||
    real.bytes.length !== count * stored.bytes
  ) {
    throw refuse(`has an array of shape [${shape.join(', ')}] in ${real.bytes.length} bytes`, at);
  }
  return {
    name: label.bytes.toString('latin1'),
    dtype,
    shape,
    values: () => rowMajor(real.bytes, stored, shape),
  };
};

/** Columns come first in the file. */
const rowMajor = (
  bytes: Buffer,
  { dtype, bytes: size }: { readonly dtype: ElementType; readonly bytes: number },
  shape: readonly number[],
): NumericArray => {
  const count = bytes.length / size;
  const read = readerOf(bytes, dtype);
  const values = dtype === 'float32' ? new Float32Array(count) : new Float64Array(count);
  const places = shape.map(() => 0);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, extent) => product * extent, 1),
  );
  for (let at = 0; at < count; at++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += places[axis] * strides[axis];
    values[at] = read(from * size);
    for (let axis = shape.length - 1; axis >= 0 && ++places[axis] === shape[axis]; axis--) places[axis] = 0;
  }
  return values;
};

const readerOf = (bytes: Buffer, dtype: ElementType): ((at: number) => number) => {
  switch (dtype) {
    case 'float64':
      return (at) => bytes.readDoubleLE(at);
    case 'float32':
      return (at) => bytes.readFloatLE(at);
    case 'int64':
      return (at) => Number(bytes.readBigInt64LE(at));
    case 'uint64':
      return (at) => Number(bytes.readBigUInt64LE(at));
    case 'int32':
      return (at) => bytes.readInt32LE(at);
    case 'uint32':
      return (at) => bytes.readUInt32LE(at);
    case 'int16':
      return (at) => bytes.readInt16LE(at);
    case 'uint16':
      return (at) => bytes.readUInt16LE(at);
    case 'int8':
      return (at) => bytes.readInt8(at);
    default:
      return (at) => bytes[at];
  }
};

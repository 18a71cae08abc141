import { endianness } from 'node:os';
import { getFloat16, setFloat16 } from '@petamoriken/float16';
import { inputFault } from '../protocol/index.ts';
import { decodeNarrow, NARROW, type NarrowElement } from './narrowElements.ts';
import type { ElementType, NarrowType, NumericArray, PlainType } from './tensor.ts';

type Accessor = (view: DataView, offset: number, little: boolean) => number;
type Setter = (view: DataView, offset: number, value: number, little: boolean) => void;

interface PlainElement {
  /** Size of one element. */
  readonly bytes: number;
  readonly allocate: (count: number) => NumericArray;
  readonly get: Accessor;
  readonly set: Setter;
  /** The typed array's memory is identical to the file's little-endian bytes. */
  readonly verbatim: boolean;
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
const getBfloat16: Accessor = (view, offset, little) => {
  word.setUint32(0, view.getUint16(offset, little) << 16);
  return word.getFloat32(0);
};

/** Rounds to nearest, ties to even; NaN stays NaN. */
const setBfloat16: Setter = (view, offset, value, little) => {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const rounded = Number.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  view.setUint16(offset, rounded & 0xffff, little);
};

const PLAIN: Readonly<Record<PlainType, PlainElement>> = {
  bool: {
    bytes: 1,
    allocate: (n) => new Uint8Array(n),
    get: (v, o) => (v.getUint8(o) === 0 ? 0 : 1),
    set: (v, o, x) => v.setUint8(o, x === 0 ? 0 : 1),
    verbatim: false,
  },
  uint8: {
    bytes: 1,
    allocate: (n) => new Uint8Array(n),
    get: (v, o) => v.getUint8(o),
    set: (v, o, x) => v.setUint8(o, x),
    verbatim: true,
  },
  int8: {
    bytes: 1,
    allocate: (n) => new Int8Array(n),
    get: (v, o) => v.getInt8(o),
    set: (v, o, x) => v.setInt8(o, x),
    verbatim: true,
  },
  uint16: {
    bytes: 2,
    allocate: (n) => new Uint16Array(n),
    get: (v, o, l) => v.getUint16(o, l),
    set: (v, o, x, l) => v.setUint16(o, x, l),
    verbatim: true,
  },
  int16: {
    bytes: 2,
    allocate: (n) => new Int16Array(n),
    get: (v, o, l) => v.getInt16(o, l),
    set: (v, o, x, l) => v.setInt16(o, x, l),
    verbatim: true,
  },
  uint32: {
    bytes: 4,
    allocate: (n) => new Uint32Array(n),
    get: (v, o, l) => v.getUint32(o, l),
    set: (v, o, x, l) => v.setUint32(o, x, l),
    verbatim: true,
  },
  int32: {
    bytes: 4,
    allocate: (n) => new Int32Array(n),
    get: (v, o, l) => v.getInt32(o, l),
    set: (v, o, x, l) => v.setInt32(o, x, l),
    verbatim: true,
  },
  uint64: {
    bytes: 8,
    allocate: (n) => new Float64Array(n),
    get: (v, o, l) => Number(v.getBigUint64(o, l)),
    set: (v, o, x, l) => v.setBigUint64(o, BigInt(x), l),
    verbatim: false,
  },
  int64: {
    bytes: 8,
    allocate: (n) => new Float64Array(n),
    get: (v, o, l) => Number(v.getBigInt64(o, l)),
    set: (v, o, x, l) => v.setBigInt64(o, BigInt(x), l),
    verbatim: false,
  },
  float16: {
    bytes: 2,
    allocate: (n) => new Float32Array(n),
    get: (v, o, l) => getFloat16(v, o, l),
    set: (v, o, x, l) => setFloat16(v, o, x, l),
    verbatim: false,
  },
  bfloat16: {
    bytes: 2,
    allocate: (n) => new Float32Array(n),
    get: getBfloat16,
    set: setBfloat16,
    verbatim: false,
  },
  float32: {
    bytes: 4,
    allocate: (n) => new Float32Array(n),
    get: (v, o, l) => v.getFloat32(o, l),
    set: (v, o, x, l) => v.setFloat32(o, x, l),
    verbatim: true,
  },
  float64: {
    bytes: 8,
    allocate: (n) => new Float64Array(n),
    get: (v, o, l) => v.getFloat64(o, l),
    set: (v, o, x, l) => v.setFloat64(o, x, l),
    verbatim: true,
  },
};

/** How each type is stored. `bytes` is a fraction for elements smaller than a byte, several of which share one. */
export const ELEMENTS: Readonly<Record<PlainType, PlainElement> & Record<NarrowType, NarrowElement>> = {
  ...PLAIN,
  ...NARROW,
};

/** Every float16 by its code: a look-up is a hundred times as fast as the conversion. */
let float16Values: Float32Array | undefined;

const tabulateFloat16 = (): Float32Array => {
  const code = new DataView(new ArrayBuffer(2));
  return Float32Array.from({ length: 2 ** 16 }, (_, i) => {
    code.setUint16(0, i);
    return getFloat16(code, 0);
  });
};

const decodeFloat16 = (view: DataView, little: boolean, data: Float32Array): void => {
  float16Values ??= tabulateFloat16();
  for (let i = 0; i < data.length; i++) data[i] = float16Values[view.getUint16(2 * i, little)];
};

const decodeBfloat16 = (view: DataView, little: boolean, data: Float32Array): void => {
  const words = new Uint32Array(data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint16(2 * i, little) << 16;
};

const hostIsLittle = endianness() === 'LE';

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bytesOf = (data: NumericArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Four-bit numbers grow eightfold when widened: a tensor may fit as stored but not as read. */
const allocate = (dtype: ElementType, count: number, where: string): NumericArray => {
  try {
    return ELEMENTS[dtype].allocate(count);
  } catch (error) {
    throw inputFault(
      `has ${count} values of ${dtype}, more than fit in memory`,
      where,
      'Split the tensor into smaller ones',
      error,
    );
  }
};

/**
 * The first `count` elements in `bytes` (all by default, at any alignment), copied. Elements smaller than a byte are
 * packed from the low bits up. `locate` describes the place of a byte for a refusal: of more values than fit in
 * memory, or of a 64-bit integer of 2^53 or above, which no JavaScript number holds exactly.
 */
export const decodeElements = (
  bytes: Uint8Array,
  dtype: ElementType,
  little: boolean,
  locate: (byte: number) => string,
  count = Math.floor(bytes.length / ELEMENTS[dtype].bytes),
): NumericArray => {
  const element = ELEMENTS[dtype];
  const data = allocate(dtype, count, locate(0));
  if ('codes' in element) return decodeNarrow(bytes, element, data);
  if (element.verbatim && (element.bytes === 1 || little === hostIsLittle)) {
    bytesOf(data).set(bytes.subarray(0, count * element.bytes));
    return data;
  }
  const view = viewOf(bytes);
  if (dtype === 'float16') decodeFloat16(view, little, data as Float32Array);
  else if (dtype === 'bfloat16') decodeBfloat16(view, little, data as Float32Array);
  else for (let i = 0; i < data.length; i++) data[i] = element.get(view, i * element.bytes, little);
  if (dtype === 'int64' || dtype === 'uint64') {
    const unsafe = (data as Float64Array).findIndex((value) => !Number.isSafeInteger(value));
    if (unsafe >= 0) {
      throw inputFault(
        `holds the ${dtype} value ${readWide(view, unsafe * 8, dtype, little)}, which is beyond 2^53`,
        locate(unsafe * 8),
        'Convert the array to float64 or int32',
      );
    }
  }
  return data;
};

/** Floating-point numbers whose bits are stored as 16-bit integers, signed or not. */
export const elementsOfBits = (integers: ArrayLike<number>, dtype: 'float16' | 'bfloat16'): Float32Array =>
  decodeElements(bytesOf(Uint16Array.from(integers)), dtype, hostIsLittle, () => '') as Float32Array;

const readWide = (view: DataView, offset: number, dtype: 'int64' | 'uint64', little: boolean): bigint =>
  dtype === 'int64' ? view.getBigInt64(offset, little) : view.getBigUint64(offset, little);

/** `data` as little-endian bytes of `dtype`; shares memory with `data` where the two are the same. */
export const encodeElements = (data: NumericArray, dtype: ElementType): Uint8Array => {
  const element = ELEMENTS[dtype];
  if ('codes' in element)
    throw new RangeError(`${dtype} is read, never written; convert the data to float32`);
  const sameStorage = element.allocate(0).constructor === data.constructor;
  if (element.verbatim && sameStorage && (element.bytes === 1 || hostIsLittle)) return bytesOf(data);
  const bytes = new Uint8Array(data.length * element.bytes);
  const view = viewOf(bytes);
  for (let i = 0; i < data.length; i++) element.set(view, i * element.bytes, data[i], true);
  return bytes;
};

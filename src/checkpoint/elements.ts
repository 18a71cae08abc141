import { endianness } from 'node:os';
import { getFloat16, setFloat16 } from '@petamoriken/float16';
import { inputFault } from '../protocol/index.ts';
import type { ElementType, NumericArray } from './tensor.ts';

type Accessor = (view: DataView, offset: number, little: boolean) => number;
type Setter = (view: DataView, offset: number, value: number, little: boolean) => void;

interface Element {
  readonly bytes: number;
  readonly allocate: (count: number) => NumericArray;
  readonly get: Accessor;
  readonly set: Setter;
  /** The typed array's memory is the file's little-endian bytes as they are. */
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

export const ELEMENTS: Readonly<Record<ElementType, Element>> = {
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

const hostIsLittle = endianness() === 'LE';

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bytesOf = (data: NumericArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/**
 * The elements in `bytes` (a whole number of them, at any alignment), copied. `locate` words the place of a byte for
 * the one refusal that there is: a 64-bit integer of 2^53 or above, which no JavaScript number holds exactly.
 */
export const decodeElements = (
  bytes: Uint8Array,
  dtype: ElementType,
  little: boolean,
  locate: (byte: number) => string,
): NumericArray => {
  const element = ELEMENTS[dtype];
  const data = element.allocate(bytes.length / element.bytes);
  if (element.verbatim && (element.bytes === 1 || little === hostIsLittle)) {
    bytesOf(data).set(bytes);
    return data;
  }
  const view = viewOf(bytes);
  for (let i = 0; i < data.length; i++) data[i] = element.get(view, i * element.bytes, little);
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

const readWide = (view: DataView, offset: number, dtype: 'int64' | 'uint64', little: boolean): bigint =>
  dtype === 'int64' ? view.getBigInt64(offset, little) : view.getBigUint64(offset, little);

/** `data` as little-endian bytes of `dtype`; shares memory with `data` where the two are the same. */
export const encodeElements = (data: NumericArray, dtype: ElementType): Uint8Array => {
  const element = ELEMENTS[dtype];
  const sameStorage = element.allocate(0).constructor === data.constructor;
  if (element.verbatim && sameStorage && (element.bytes === 1 || hostIsLittle)) return bytesOf(data);
  const bytes = new Uint8Array(data.length * element.bytes);
  const view = viewOf(bytes);
  for (let i = 0; i < data.length; i++) element.set(view, i * element.bytes, data[i], true);
  return bytes;
};

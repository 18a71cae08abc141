import { inputFault } from '../protocol/index.ts';
import { type ByteSource, memorySource, sourceOf } from './byteSource.ts';
import { decodeElements, ELEMENTS, encodeElements } from './elements.ts';
import { type NpyElement, type NpyHeader, parseNpyHeader } from './npyHeader.ts';
import { type ElementType, elementCount, type StoredStrings, type StoredTensor } from './tensor.ts';

/** An array of a `.npy` file, always row-major here, whatever its order on disk. */
export type NpyArray = StoredTensor | StoredStrings;

const MAGIC = '\x93NUMPY';
const REMEDY = 'Save the array again with numpy.save';
/** A header of numbers or strings takes some hundred bytes; only structured arrays, refused anyway, need more. */
const MAX_HEADER = 2 ** 20;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

interface Located {
  readonly header: NpyHeader;
  readonly dataStart: number;
}

/** Reads and checks everything before the data, and that the data is exactly as long as the header says. */
const readHeader = async (source: ByteSource): Promise<Located> => {
  const locate = (byte: number) => `${source.name}, byte ${byte}`;
  const need = (end: number, part: string) => {
    if (end > source.size) throw inputFault(`is cut off in ${part}`, locate(source.size), REMEDY);
  };
  const start = await source.read(0, Math.min(12, source.size));
  const magic = latin1(start.subarray(0, 6));
  if (!MAGIC.startsWith(magic) || magic === '') {
    throw inputFault('is not an .npy file', locate(0), 'Save the array with numpy.save');
  }
  need(8, 'its first 8 bytes');
  const major = start[6];
  if (major < 1 || major > 3) {
    throw inputFault(`has the .npy version ${major}.${start[7]}; 1 to 3 are read here`, locate(6), REMEDY);
  }
  const headerStart = major === 1 ? 10 : 12;
  need(headerStart, 'the length of its header');
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = headerStart + headerLength;
  need(dataStart, `its header of ${headerLength} bytes`);
  if (headerLength > MAX_HEADER) {
    throw inputFault(`has a header of ${headerLength} bytes, above ${MAX_HEADER}`, locate(8), REMEDY);
  }
  const text = latin1(await source.read(headerStart, headerLength));
  const header = parseNpyHeader(text, (byte) => locate(headerStart + byte));
  checkLength(header, source.size - dataStart, locate(dataStart));
  return { header, dataStart };
};

const checkLength = ({ shape, element }: NpyHeader, available: number, where: string): void => {
  const count = elementCount(shape);
  const shown = `(${shape.join(', ')})`;
  if (count === null || !Number.isSafeInteger(count * element.size)) {
    throw inputFault(`has the shape ${shown}, too large for any file`, where, REMEDY);
  }
  // Strings of no bytes would let a tiny file claim any number of elements.
  if (element.size === 0 && count > 0) throw inputFault('has elements of 0 bytes', where, REMEDY);
  const expected = count * element.size;
  if (expected !== available) {
    const difference = expected > available ? 'is cut off' : 'goes on after its array';
    throw inputFault(
      `${difference}: shape ${shown} takes ${expected} bytes of data and there are ${available}`,
      where,
      REMEDY,
    );
  }
};

const decodeUnicode = (view: DataView, start: number, element: NpyElement): string => {
  let text = '';
  for (let at = start; at < start + element.size; at += 4) {
    const code = view.getUint32(at, element.little);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, '');
};

const decodeStrings = (bytes: Uint8Array, element: NpyElement): string[] => {
  const count = element.size === 0 ? 0 : bytes.length / element.size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder();
  return Array.from({ length: count }, (_, i) => {
    const start = i * element.size;
    if (element.kind === 'unicode') return decodeUnicode(view, start, element);
    return utf8.decode(bytes.subarray(start, start + element.size)).replace(/\0+$/, '');
  });
};

/** Row-major copy of column-major `data`: walks the target in order and strides through the source. */
const fromFortranOrder = <T extends { [index: number]: unknown; length: number }>(
  data: T,
  target: T,
  shape: readonly number[],
): T => {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < data.length; i++) {
    target[i] = data[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis];
      if (++index[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return target;
};

const decodeArray = ({ header, dataStart }: Located, bytes: Uint8Array, name: string): NpyArray => {
  const { element, shape, fortranOrder } = header;
  const reorder = fortranOrder && shape.length > 1;
  if (element.kind !== 'number') {
    const data = decodeStrings(bytes, element);
    return {
      dtype: 'string',
      shape,
      data: reorder ? fromFortranOrder(data, new Array(data.length), shape) : data,
    };
  }
  const { dtype, little } = element;
  const data = decodeElements(bytes, dtype, little, (byte) => `${name}, byte ${dataStart + byte}`);
  return {
    dtype,
    shape,
    data: reorder ? fromFortranOrder(data, ELEMENTS[dtype].allocate(data.length), shape) : data,
  };
};

const readFrom = async (source: ByteSource): Promise<NpyArray> => {
  const located = await readHeader(source);
  const bytes = await source.read(located.dataStart, source.size - located.dataStart);
  return decodeArray(located, bytes, source.name);
};

/**
 * Reads a `.npy` file (format versions 1 to 3, either byte order, either array order) from its path or its bytes.
 * Numbers come as typed arrays, `<U` and `|S` (as UTF-8) as strings without their padding. Objects, structured
 * arrays and other dtypes are refused, 64-bit integers of 2^53 and above as well; every refusal names its byte.
 * Nothing is allocated before the size in the header has been compared with the size of the file.
 */
export const readNpy = async (from: string | Uint8Array, name?: string): Promise<NpyArray> => {
  const source = await sourceOf(from, name);
  try {
    return await readFrom(source);
  } finally {
    await source.close();
  }
};

export const decodeNpy = (bytes: Uint8Array, name: string): Promise<NpyArray> =>
  readFrom(memorySource(bytes, name));

const DESCRS: Readonly<Record<Exclude<ElementType, 'bfloat16'>, string>> = {
  bool: '|b1',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
};

const encodeUnicode = (data: readonly string[]): { descr: string; bytes: Uint8Array } => {
  const texts = data.map((text) => Array.from(text, (character) => character.codePointAt(0) as number));
  const width = texts.reduce((widest, codes) => Math.max(widest, codes.length), 1);
  const bytes = new Uint8Array(4 * width * texts.length);
  const view = new DataView(bytes.buffer);
  texts.forEach((codes, i) => {
    codes.forEach((code, j) => {
      view.setUint32(4 * (i * width + j), code, true);
    });
  });
  return { descr: `<U${width}`, bytes };
};

/** The `.npy` file of an array, in two parts so that large data is not copied: [header, data]. Version 1.0. */
export const npyParts = (array: NpyArray): [Uint8Array, Uint8Array] => {
  const { descr, bytes } =
    array.dtype === 'string'
      ? encodeUnicode(array.data)
      : {
          descr: DESCRS[array.dtype as Exclude<ElementType, 'bfloat16'>],
          bytes: encodeElements(array.data, array.dtype),
        };
  if (descr === undefined) throw new RangeError('npy has no bfloat16; convert the data to float32');
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const literal = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The data starts at a multiple of 64, and the header ends in a line feed.
  const length = Math.ceil((10 + literal.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write(`${MAGIC}\x01\x00`, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(literal, 10, 'latin1');
  header.write('\n', 10 + length - 1);
  return [header, bytes];
};

/** The bytes of a `.npy` file, as `numpy.save` would write them for a row-major array. */
export const encodeNpy = (array: NpyArray): Uint8Array => Buffer.concat(npyParts(array));

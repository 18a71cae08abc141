import { inputFault } from '../../protocol/index.ts';
import { type ByteSource, memorySource } from '../bytes/byteSource.ts';
import { decodeElements, ELEMENTS, encodeElements } from '../elements.ts';
import type { PlainType, StoredStrings, StoredTensor } from '../tensor.ts';
import type { NpyElement } from './npyHeader.ts';
import { type LocatedArray, MAGIC, readNpyHeader } from './npySource.ts';

/** An array of a `.npy` file, always row-major here, whatever its order on disk. */
export type NpyArray = StoredTensor | StoredStrings;

type TextElement = Extract<NpyElement, { kind: 'unicode' | 'bytes' }>;

/** UTF-32 without the zeros that pad it. */
const decodeUnicode = (view: DataView, start: number, element: TextElement): string => {
  let end = start + element.size;
  while (end > start && view.getUint32(end - 4, element.little) === 0) end -= 4;
  // As UTF-16 in one piece: a string built character by character would be a tree with as many nodes.
  const units = Buffer.alloc(end - start);
  let length = 0;
  for (let at = start; at < end; at += 4) {
    const stored = view.getUint32(at, element.little);
    const code = stored > 0x10ffff ? 0xfffd : stored;
    const isPair = code > 0xffff;
    length = units.writeUInt16LE(isPair ? 0xd7c0 + (code >> 10) : code, length);
    if (isPair) length = units.writeUInt16LE(0xdc00 + (code & 0x3ff), length);
  }
  return units.toString('utf16le', 0, length);
};

const withoutPadding = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
};

const decodeStrings = (bytes: Uint8Array, element: TextElement): string[] => {
  const count = element.size === 0 ? 0 : bytes.length / element.size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder();
  return Array.from({ length: count }, (_, i) => {
    const start = i * element.size;
    if (element.kind === 'unicode') return decodeUnicode(view, start, element);
    return utf8.decode(withoutPadding(bytes.subarray(start, start + element.size)));
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

/** The array in `source`, according to its header. */
export const readNpyArray = async (source: ByteSource, located: LocatedArray): Promise<NpyArray> => {
  const { header, dataStart } = located;
  const { element, shape, fortranOrder } = header;
  if (element.kind === 'opaque') throw inputFault(element.reason, element.where, element.remedy);
  const bytes = await source.read(dataStart, source.size - dataStart);
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
  const data = decodeElements(bytes, dtype, little, (byte) => `${source.name}, byte ${dataStart + byte}`);
  return {
    dtype,
    shape,
    data: reorder ? fromFortranOrder(data, ELEMENTS[dtype].allocate(data.length), shape) : data,
  };
};

/**
 * Reads the bytes of a `.npy` file (format versions 1 to 3, either byte order, either array order). Numbers come as typed
 * arrays, `<U` and `|S` (as UTF-8) as strings without their padding. Objects, structured arrays and other dtypes are
 * refused, and so are 64-bit integers of 2^53 and above; every refusal names its byte. Nothing is allocated before the
 * size in the header has been compared with the size of the bytes.
 */
export const decodeNpy = async (bytes: Uint8Array, name: string): Promise<NpyArray> => {
  const source = memorySource(bytes, name);
  return readNpyArray(source, await readNpyHeader(source));
};

const DESCRS: Readonly<Record<Exclude<PlainType, 'bfloat16'>, string>> = {
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
          descr: DESCRS[array.dtype as Exclude<PlainType, 'bfloat16'>],
          bytes: encodeElements(array.data, array.dtype),
        };
  if (descr === undefined) throw new RangeError(`npy has no ${array.dtype}; convert the data to float32`);
  return [headerOf(descr, array.shape), bytes];
};

/** An array that is too large to be held: its elements in row-major order, in blocks. */
export interface NpyBlocks {
  readonly dtype: 'float32';
  readonly shape: readonly number[];
  blocks(): AsyncIterable<Float32Array>;
}

/** The same file as `npyParts` makes, in parts. @throws RangeError for blocks that are not as long as the shape says. */
export async function* npyBlocks({ dtype, shape, blocks }: NpyBlocks): AsyncGenerator<Uint8Array> {
  yield headerOf(DESCRS[dtype], shape);
  let left = shape.reduce((product, extent) => product * extent, 1);
  for await (const block of blocks()) {
    left -= block.length;
    yield encodeElements(block, dtype);
  }
  if (left !== 0) throw new RangeError(`the shape [${shape.join(', ')}] has ${left} more elements`);
}

const headerOf = (descr: string, extents: readonly number[]): Uint8Array => {
  const shape = extents.length === 1 ? `${extents[0]},` : extents.join(', ');
  const literal = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The data starts at a multiple of 64, and the header ends in a line feed.
  const length = Math.ceil((10 + literal.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write(`${MAGIC}\x01\x00`, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(literal, 10, 'latin1');
  header.write('\n', 10 + length - 1);
  return header;
};

import { inputFault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { elementCount } from '../tensor.ts';
import { type NpyHeader, parseNpyHeader } from './npyHeader.ts';

export const MAGIC = '\x93NUMPY';
const REMEDY = 'Save the array again with numpy.save';
/** A header of numbers or strings takes some hundred bytes; only structured arrays, refused anyway, need more. */
const MAX_HEADER = 2 ** 20;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** The header of an array and where in the source its data starts. */
export interface LocatedArray {
  readonly header: NpyHeader;
  readonly dataStart: number;
}

/** Reads and checks everything before the data, and that the data is exactly as long as the header says. */
export const readNpyHeader = async (source: ByteSource): Promise<LocatedArray> => {
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
  // The size of the data of other dtypes is not known.
  if (element.kind === 'opaque') return;
  const count = elementCount(shape);
  const shown = `(${shape.join(', ')})`;
  if (count === null || !Number.isSafeInteger(count * element.size)) {
    throw inputFault(`has the shape ${shown}, too large for any file`, where, REMEDY);
  }
  // Strings of no bytes would let a tiny file claim any number of elements.
  if (element.size === 0 && count > 0) throw inputFault('has elements of 0 bytes', where, REMEDY);
  const expected = count * element.size;
  if (expected !== available) {
    const difference = expected > available ? 'is cut off' : 'continues after its array';
    throw inputFault(
      `${difference}: shape ${shown} takes ${expected} bytes of data and there are ${available}`,
      where,
      REMEDY,
    );
  }
};

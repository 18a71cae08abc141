import { decodeElements, ELEMENTS } from './elements.ts';
import type { ElementType, NumericArray } from './tensor.ts';

/**
 * Reads the elements [begin, end) of a tensor in row-major order, without the others. Throws a fault when they cannot
 * be read; the caller checks that there are that many.
 */
export interface ReadRange {
  (begin: number, end: number): Promise<NumericArray>;
  /** Going back or skipping costs as much as reading everything from the start, because the file is compressed. */
  readonly inOrder?: true;
}

/** The same, with `check` after each part. */
export const checkedRange = (range: ReadRange, check: () => Promise<void>): ReadRange => {
  const read = async (begin: number, end: number): Promise<NumericArray> => {
    const values = await range(begin, end);
    await check();
    return values;
  };
  return range.inOrder ? Object.assign(read, { inOrder: true as const }) : read;
};

/** For contiguous elements: `read` reads their bytes, `locate` describes the place of a byte. */
export const plainRange = (
  dtype: ElementType,
  little: boolean,
  read: (begin: number, length: number) => Promise<Uint8Array>,
  locate: (byte: number) => string,
): ReadRange => {
  const { bytes: size } = ELEMENTS[dtype];
  return async (begin, end) => {
    // Several elements may share a byte.
    const from = Math.floor(begin * size);
    const skipped = begin - from / size;
    const bytes = await read(from, Math.ceil(end * size) - from);
    const all = decodeElements(bytes, dtype, little, (byte) => locate(from + byte), skipped + end - begin);
    return skipped === 0 ? all : all.subarray(skipped);
  };
};

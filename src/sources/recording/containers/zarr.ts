import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as zarrita from 'zarrita';
import {
  type Checkpoint,
  type ElementType,
  elementsOfBits,
  type NumericArray,
  type TensorEntry,
} from '../../../checkpoint/index.ts';
import { codeOf, isNotThere, readFault } from '../../../disk/index.ts';
import { Fault, inputFault, libraryReason, shown } from '../../../protocol/index.ts';
import { checkBlosc, checkedChunks, checkedMetadata } from './zarrMetadata.ts';

/** How deep groups are searched. */
const DEPTH = 5;
const MOST_ARRAYS = 20_000;
/** A chunk is decoded at once. */
const MOST_ELEMENTS = 2 ** 28;
/** Of a chunk, or of metadata. */
const MOST_BYTES = 2 ** 30;

type ZarrArray = zarrita.Array<zarrita.DataType>;

interface Opened {
  readonly array: ZarrArray;
  /** float16 is read as its bits: the version of JavaScript here may not have it. */
  readonly isHalf: boolean;
}

/** A Zarr folder, version 2 or 3: an array, or a group of arrays by their path. */
export const openZarr = async (folder: string): Promise<Checkpoint> => {
  const found = new Map<string, Opened>();
  for (const name of await arraysIn(folder))
    found.set(name === '' ? 'array' : name, await openArray(folder, name));
  if (found.size === 0) {
    throw inputFault('is a Zarr group without arrays', folder, 'Choose the group that has them');
  }
  const openedOf = (name: string): Opened => {
    const opened = found.get(name);
    if (opened !== undefined) return opened;
    throw inputFault(`has no array ${shown(name)}`, folder, 'Use one of its arrays');
  };
  const values = (name: string, begin: number, end: number) =>
    readValues(openedOf(name), [begin, end], folder, name);
  return {
    path: folder,
    format: 'Zarr',
    metadata: new Map(),
    tensors: new Map([...found].map(([name, opened]) => [name, entryOf(name, opened)])),
    read: async (name) => {
      const opened = openedOf(name);
      const { shape } = opened.array;
      const size = shape.reduce((product, extent) => product * extent, 1);
      return { dtype: elementOf(opened) as ElementType, shape, data: await values(name, 0, size) };
    },
    ranges: (name) => (elementOf(openedOf(name)) === null ? null : (begin, end) => values(name, begin, end)),
    close: async () => {},
  };
};

/** Paths of the arrays of a group, by name. */
const arraysIn = async (folder: string): Promise<string[]> => {
  const found: string[] = [];
  const visit = async (inside: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch((error: unknown) => {
      throw readFault(join(folder, inside), error);
    });
    const names = entries.map(({ name }) => name);
    if (
      names.includes('.zarray') ||
      (names.includes('zarr.json') && (await isArrayV3(join(folder, inside))))
    ) {
      if (found.push(inside) > MOST_ARRAYS)
        throw inputFault(`has more than ${MOST_ARRAYS} arrays`, folder, 'Choose a group in it');
      return;
    }
    if (depth === DEPTH) return;
    for (const entry of entries) {
      if (entry.isDirectory()) await visit(inside === '' ? entry.name : `${inside}/${entry.name}`, depth + 1);
    }
  };
  await visit('', 0);
  return found.sort();
};

const isArrayV3 = async (folder: string): Promise<boolean> => {
  const bytes = await contentsOf(join(folder, 'zarr.json'));
  return bytes !== undefined && /"node_type"\s*:\s*"array"/.test(new TextDecoder().decode(bytes));
};

const contentsOf = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw inputFault(`has ${size} bytes`, path, 'Save the array with smaller chunks');
    return await readFile(path);
  } catch (error) {
    if (isNotThere(error) || codeOf(error) === 'EISDIR') return undefined;
    throw readFault(path, error);
  }
};

const rangeOf = async (path: string, range: zarrita.RangeQuery): Promise<Uint8Array | undefined> => {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const [offset, length] =
        'suffixLength' in range
          ? [size - range.suffixLength, range.suffixLength]
          : [range.offset, range.length];
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
        throw inputFault(
          `has ${size} bytes, and no ${length} at byte ${offset}`,
          path,
          'Save the array again',
        );
      }
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, offset);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw readFault(path, error);
  }
};

const openArray = async (folder: string, name: string): Promise<Opened> => {
  const where = `${folder}, array ${shown(name)}`;
  let [isHalf, isBlosc] = [false, false];
  const get = async (key: string): Promise<Uint8Array | undefined> => {
    const bytes = await contentsOf(join(folder, name, key));
    if (bytes === undefined || /\/\.zattrs$/.test(key)) return bytes;
    if (!/\/(?:\.zarray|zarr\.json)$/.test(key)) {
      if (isBlosc) checkBlosc(bytes);
      return bytes;
    }
    const checked = checkedMetadata(bytes);
    ({ isHalf, isBlosc } = checked);
    return checked.bytes;
  };
  /** Of shards: chunks that are in one file, whose places are at its end. */
  const getRange = async (key: string, range: zarrita.RangeQuery): Promise<Uint8Array | undefined> => {
    const bytes = await rangeOf(join(folder, name, key), range);
    if (isBlosc && bytes !== undefined && !('suffixLength' in range)) checkBlosc(bytes);
    return bytes;
  };
  try {
    const array = checkedChunks(await zarrita.open({ get, getRange }, { kind: 'array' })) as ZarrArray;
    const chunk = array.chunks.reduce((product, extent) => product * extent, 1);
    if (chunk <= MOST_ELEMENTS) return { array, isHalf };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw inputFault(
      `cannot be read as Zarr (${libraryReason(error)})`,
      where,
      'Save the array again',
      error,
    );
  }
  throw inputFault('has chunks too large to be read', where, 'Save the array with smaller chunks');
};

const NUMBERS = /^(?:bool|u?int(?:8|16|32|64)|float(?:32|64))$/;

const elementOf = ({ array, isHalf }: Opened): ElementType | null => {
  if (isHalf) return 'float16';
  return NUMBERS.test(array.dtype) ? (array.dtype as ElementType) : null;
};

const entryOf = (name: string, opened: Opened): TensorEntry => {
  const { shape, dtype } = opened.array;
  const element = elementOf(opened);
  return {
    name,
    dtype: element ?? String(dtype),
    shape,
    bytes: 4 * shape.reduce((product, extent) => product * extent, 1),
    ...(element === null ? { unreadable: `is of the type ${shown(String(dtype))}` } : {}),
  };
};

/** Elements of an array in row-major order: whole rows of its first axis are read. */
const readValues = async (
  { array, isHalf }: Opened,
  [begin, end]: readonly [begin: number, end: number],
  folder: string,
  name: string,
): Promise<NumericArray> => {
  const { shape } = array;
  const width = shape.slice(1).reduce((product, extent) => product * extent, 1);
  if (begin === end) return new Float32Array(0);
  const [from, to] = [Math.floor(begin / width), Math.ceil(end / width)];
  try {
    const selection = shape.map((_, axis) => (axis === 0 ? zarrita.slice(from, to) : null));
    const part = await zarrita.get(array, selection);
    const numbers = inRows(part as unknown as Part);
    const data = isHalf ? elementsOfBits(numbers, 'float16') : numbers;
    return data.subarray(begin - from * width, end - from * width);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw inputFault(
      `cannot be read as Zarr (${libraryReason(error)})`,
      `${folder}, array ${shown(name)}`,
      'Save the array again',
      error,
    );
  }
};

interface Part {
  readonly data: ArrayLike<number | bigint | boolean> & { readonly length: number };
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** In row-major order, whatever the order of the chunks; 64-bit integers and truth values as numbers. */
const inRows = ({ data, shape, stride }: Part): NumericArray => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  let expected = 1;
  let isRowMajor = true;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] > 1 && stride[axis] !== expected) isRowMajor = false;
    expected *= shape[axis];
  }
  const isPlain =
    ArrayBuffer.isView(data) && !(data instanceof BigInt64Array) && !(data instanceof BigUint64Array);
  if (isRowMajor && isPlain) return data as unknown as NumericArray;
  const values =
    data instanceof Float32Array || data instanceof Uint16Array
      ? new (data.constructor as Float32ArrayConstructor)(size)
      : new Float64Array(size);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = 0; i < size; i++) {
    values[i] = Number('get' in data && typeof data.get === 'function' ? data.get(at) : data[at]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += stride[axis];
      if (++index[axis] < shape[axis]) break;
      at -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return values;
};

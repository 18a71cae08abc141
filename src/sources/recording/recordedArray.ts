import {
  type Checkpoint,
  elementsOfBits,
  type ReadRange,
  type StoredTensor,
  type TensorEntry,
} from '../../checkpoint/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';

/** An array of a file. */
export interface RecordedArray {
  readonly name: string;
  /** File and array, for messages. */
  readonly where: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Elements `begin` up to `end` in row-major order; they are not to be changed. */
  values(begin: number, end: number): Promise<Float32Array>;
  /** The array as it is stored. */
  read(): Promise<StoredTensor>;
  /** Its values, if it is text; else null. */
  texts(): Promise<readonly string[] | null>;
}

/** What the bits of 16-bit integers are. */
export type Bits = 'float16' | 'bfloat16';

/** A file that is opened when it is read, and arrays of it that were read as a whole. */
export interface ArrayFile {
  readonly path: string;
  open(): Promise<Checkpoint>;
  readonly wholes: Wholes;
}

/** Bytes of arrays that are kept. */
const MOST_KEPT = 2 ** 30;

/** Arrays that their files give only as a whole, the latest used ones. */
export class Wholes {
  readonly #known = new Map<string, { readonly values: Promise<Float32Array>; readonly bytes: number }>();
  #bytes = 0;

  of(key: string, elements: number, read: () => Promise<Float32Array>): Promise<Float32Array> {
    const known = this.#known.get(key) ?? { values: read(), bytes: 4 * elements };
    if (this.#known.delete(key)) this.#bytes -= known.bytes;
    this.#known.set(key, known);
    this.#bytes += known.bytes;
    for (const [oldest, { bytes }] of this.#known) {
      if (this.#bytes <= MOST_KEPT || oldest === key) break;
      this.#known.delete(oldest);
      this.#bytes -= bytes;
    }
    return known.values;
  }
}

/** An array of numbers, or of text. Its values are read from its file each time, in parts if the format has them. */
export const recordedArray = (file: ArrayFile, entry: TensorEntry, bits?: Bits): RecordedArray => {
  const { name, dtype, shape } = entry;
  const where = `${file.path}, array ${shown(name)}`;
  const open = async (): Promise<Checkpoint> => {
    const checkpoint = await file.open();
    const now = checkpoint.tensors.get(name);
    if (now?.shape.join() === shape.join() && now.dtype === dtype) return checkpoint;
    throw inputFault('was changed meanwhile', where, 'Inspect it again when nothing writes it');
  };
  const read = async (): Promise<StoredTensor> => {
    if (entry.unreadable !== undefined) {
      const remedy = shape.length === 1 ? 'Save classes as integers or text' : 'Save it as float32';
      throw inputFault(entry.unreadable, where, remedy);
    }
    return (await open()).read(name);
  };
  const floats = (data: ArrayLike<number>): Float32Array => {
    if (bits !== undefined && isSixteenBits(dtype)) return elementsOfBits(data, bits);
    return data instanceof Float32Array ? data : Float32Array.from(data);
  };
  // One for each time that the file is open: of an archive, the first part that is read is checked with all others.
  let ranged: { readonly of: Checkpoint; readonly range: ReadRange | null } | null = null;
  const rangeNow = async (): Promise<ReadRange | null> => {
    if (entry.unreadable !== undefined) return null;
    const checkpoint = await open();
    if (ranged?.of !== checkpoint) ranged = { of: checkpoint, range: checkpoint.ranges?.(name) ?? null };
    return ranged.range;
  };
  const elements = shape.reduce((product, extent) => product * extent, 1);
  return {
    name,
    where,
    dtype,
    shape,
    read,
    values: async (begin, end) => {
      const range = await rangeNow();
      if (range !== null) return floats(await range(begin, end));
      const key = JSON.stringify([file.path, name]);
      const whole = await file.wholes.of(key, elements, async () => floats((await read()).data));
      return whole.subarray(begin, end);
    },
    texts: async () =>
      entry.unreadable === undefined ? null : ((await (await open()).texts?.(name)) ?? null),
  };
};

/** As the formats name 16-bit integers. */
export const isSixteenBits = (dtype: string): boolean => /^(?:[<>|=]?[iu]2|u?int16|[IU]16)$/i.test(dtype);

/** As the formats name floating-point numbers. */
export const isFloating = (dtype: string): boolean => /^(?:[<>|=]?f\d|b?float|b?f\d\d|double)/i.test(dtype);

import type { Checkpoint, ElementType, NumericArray, TensorEntry } from '../../../checkpoint/index.ts';
import { inputFault, shown } from '../../../protocol/index.ts';

/** A column of a table: a number or a text in each row, or lists of numbers, which may be nested. */
export interface TableColumn {
  readonly name: string;
  /** What the numbers are read as; `string` for text, null for what is not read. */
  readonly dtype: ElementType | 'string' | null;
  /** As its format calls it. */
  readonly type: string;
  /** Extents of the value of the first row; empty for a number or a text. */
  readonly shape: readonly number[];
}

/** Reads the values of some rows of a column: numbers, texts, or lists. */
type ReadRows = (column: string, begin: number, end: number) => Promise<readonly unknown[]>;

interface Table {
  readonly path: string;
  readonly format: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly read: ReadRows;
  close(): Promise<void>;
}

/**
 * A table as arrays: each column is rows x the extents of its values, which are the same in every row.
 * Reading throws a fault for a row without a value, or with another number of values.
 */
export const tableContainer = (table: Table): Checkpoint => {
  const { path, format, rows, columns, metadata, close } = table;
  for (const { name, shape } of columns) {
    const count = shape.reduce((product, extent) => product * extent, rows);
    if (count >= 0 && count <= Number.MAX_SAFE_INTEGER) continue;
    throw inputFault(`says ${rows} rows of [${shape}]`, `${path}, column ${shown(name)}`, 'Save it again');
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  const columnOf = (name: string): TableColumn => {
    const column = byName.get(name);
    if (column !== undefined) return column;
    throw inputFault(`has no column ${shown(name)}`, path, 'Use one of its columns');
  };
  const values = async (name: string, begin: number, end: number): Promise<NumericArray> => {
    const column = columnOf(name);
    const { dtype, shape } = column;
    if (dtype === null || dtype === 'string') throw unreadable(path, column);
    const width = shape.reduce((product, extent) => product * extent, 1);
    if (begin === end) return new Float32Array(0);
    const [from, to] = [Math.floor(begin / width), Math.ceil(end / width)];
    const found = await table.read(name, from, to);
    if (found.length !== to - from) {
      throw inputFault(
        `has ${found.length} of the rows ${from} to ${to}`,
        `${path}, column ${shown(name)}`,
        'Save it again',
      );
    }
    const data =
      dtype === 'float64' ? new Float64Array(found.length * width) : arrayFor(dtype, found.length * width);
    for (const [i, value] of found.entries()) {
      const count = flatten(value, data, i * width, (i + 1) * width);
      if (count === width) continue;
      throw inputFault(
        count < 0
          ? `has no number at row ${from + i}`
          : `has ${count} values at row ${from + i} beside ${width} in the first`,
        `${path}, column ${shown(name)}`,
        'Save rows with as many values each, and none missing',
      );
    }
    return data.subarray(begin - from * width, end - from * width);
  };
  return {
    path,
    format,
    metadata,
    tensors: new Map(columns.map((column) => [column.name, entryOf(column, rows)])),
    read: async (name) => {
      const { dtype, shape } = columnOf(name);
      const size = rows * shape.reduce((product, extent) => product * extent, 1);
      return { dtype: dtype as ElementType, shape: [rows, ...shape], data: await values(name, 0, size) };
    },
    ranges: (name) => {
      const { dtype } = columnOf(name);
      return dtype === null || dtype === 'string' ? null : (begin, end) => values(name, begin, end);
    },
    texts: async (name) => {
      if (columnOf(name).dtype !== 'string') return null;
      return (await table.read(name, 0, rows)).map((value) =>
        value === null || value === undefined ? '' : String(value),
      );
    },
    close,
  };
};

const unreadable = (path: string, { name, type }: TableColumn): Error =>
  inputFault(
    `is of the type ${shown(type)}`,
    `${path}, column ${shown(name)}`,
    'Save it as numbers, or lists of numbers',
  );

const entryOf = ({ name, dtype, type, shape }: TableColumn, rows: number): TensorEntry => {
  const why =
    dtype === 'string'
      ? 'holds text, not numbers'
      : dtype === null
        ? `is of the type ${shown(type)}`
        : undefined;
  const count = rows * shape.reduce((product, extent) => product * extent, 1);
  return {
    name,
    dtype: dtype ?? type,
    shape: [rows, ...shape],
    bytes: 4 * count,
    ...(why === undefined ? {} : { unreadable: why }),
  };
};

const arrayFor = (dtype: ElementType, length: number): NumericArray => {
  if (dtype === 'int16') return new Int16Array(length);
  if (dtype === 'uint16') return new Uint16Array(length);
  return dtype.startsWith('float') ? new Float32Array(length) : new Float64Array(length);
};

/** Writes numbers, nested to any depth, from `at` on; returns how many there are, or -1 for what is none. */
const flatten = (value: unknown, into: NumericArray, at: number, end: number): number => {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    if (at < end) into[at] = Number(value);
    return 1;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number | bigint>;
    for (let i = 0; i < numbers.length && at + i < end; i++) into[at + i] = Number(numbers[i]);
    return numbers.length;
  }
  if (!Array.isArray(value)) return -1;
  let count = 0;
  for (const inner of value) {
    const own = flatten(inner, into, at + count, end);
    if (own < 0) return -1;
    count += own;
  }
  return count;
};

/** Extents of a nested list, by its first elements. */
export const extentsOf = (value: unknown): number[] => {
  const extents: number[] = [];
  for (let inner = value; isList(inner); inner = inner[0]) extents.push(inner.length);
  return extents;
};

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

import { visible } from '../../protocol/index.ts';
import { LiteralReader, ownText } from '../bytes/literalReader.ts';
import type { ElementType } from '../tensor.ts';

/** How one element of the array is stored. `size` is in bytes. */
export type NpyElement =
  | { readonly kind: 'number'; readonly dtype: ElementType; readonly size: number; readonly little: boolean }
  | { readonly kind: 'unicode' | 'bytes'; readonly size: number; readonly little: boolean }
  | OpaqueElement;

/** A dtype that is not read: why, if the header says so, and what to do about it. */
interface OpaqueElement {
  readonly kind: 'opaque';
  readonly reason: string;
  readonly where: string;
  readonly remedy: string;
}

export interface NpyHeader {
  /** As the file writes it. */
  readonly descr: string;
  readonly element: NpyElement;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

const NUMBERS: Readonly<Record<string, ElementType>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** Characters of a dtype shown in a message. */
const MAX_SHOWN = 80;

/** numpy itself has at most 64. */
const MAX_DIMENSIONS = 64;

const opaque = (where: string, reason: string, remedy: string): OpaqueElement => ({
  kind: 'opaque',
  where,
  reason,
  remedy,
});

/** The element behind a `descr` such as `<f4`, `|b1` or `>U12`; for one that is not read, what to convert to. */
const parseDescr = (descr: string, where: string): NpyElement => {
  const [, order, letter, digits] = /^([<>|=])([a-zA-Z])(\d{1,9})?$/.exec(descr) ?? [];
  const little = order !== '>';
  const dtype = NUMBERS[`${letter}${digits}`];
  if (dtype !== undefined) return { kind: 'number', dtype, size: Number(digits), little };
  if (letter === 'U' && digits !== undefined) return { kind: 'unicode', size: 4 * Number(digits), little };
  if (letter === 'S' && digits !== undefined) return { kind: 'bytes', size: Number(digits), little };
  if (letter === 'O') {
    return opaque(
      where,
      'holds Python objects (pickle), which are never run here',
      'Save it as numbers or strings: array.astype(float) or array.astype(str)',
    );
  }
  const name = `'${visible(descr.slice(0, MAX_SHOWN))}'`;
  if (letter === 'V') {
    return opaque(
      where,
      `holds raw bytes of unknown meaning (dtype ${name}; bfloat16 is saved so)`,
      'Save it as float32: array.astype(numpy.float32)',
    );
  }
  return opaque(where, `has the dtype ${name}, which is not read here`, 'Save it as float64 or float32');
};

const parseShape = (reader: LiteralReader): number[] => {
  reader.demand(/\(/y, 'the shape, a tuple such as (3, 4),');
  const shape: number[] = [];
  while (reader.take(/\)/y) === null) {
    // Python 2 wrote long integers as 3L.
    const extent = Number(reader.demand(/(\d+)L?/y, 'an extent of the shape')[1]);
    if (!Number.isSafeInteger(extent)) throw reader.fault('has an extent beyond 2^53 in its shape');
    if (shape.push(extent) > MAX_DIMENSIONS) throw reader.fault(`has more than ${MAX_DIMENSIONS} dimensions`);
    if (reader.take(/,/y) === null) {
      reader.demand(/\)/y, "',' or ')'");
      break;
    }
  }
  return shape;
};

const STRING = /'([^']*)'|"([^"]*)"/y;

/** Skips the list of a structured array's fields, after its opening bracket. */
const skipFields = (reader: LiteralReader): void => {
  for (let depth = 1; depth > 0; ) {
    if (reader.take(/[[(]/y) !== null) depth++;
    else if (reader.take(/[\])]/y) !== null) depth--;
    else if (reader.take(STRING) === null) reader.demand(/\d+|,/y, 'a field of the dtype');
  }
};

const parseElement = (reader: LiteralReader): { descr: string; element: NpyElement } => {
  const where = reader.place();
  const descr = reader.take(STRING);
  if (descr !== null) {
    const text = descr[1] ?? descr[2];
    const isLong = text.length > MAX_SHOWN;
    const kept = ownText(isLong ? `${text.slice(0, MAX_SHOWN - 1)}…` : text);
    return { descr: kept, element: parseDescr(kept, where) };
  }
  if (reader.take(/\[/y) !== null) {
    skipFields(reader);
    const reason = 'is a structured array (one with named fields)';
    const element = opaque(where, reason, 'Save each field as an array of its own, in one .npz');
    return { descr: 'structured', element };
  }
  throw reader.fault("has a header in which a dtype such as '<f4' is expected");
};

/**
 * The header's Python literal: a dictionary with exactly the keys `descr`, `fortran_order` and `shape`
 * (numpy/lib/format.py). `locate` describes the place of a byte of `text` (one byte per character).
 */
export const parseNpyHeader = (text: string, locate: (byte: number) => string): NpyHeader => {
  const reader = new LiteralReader(text, locate, 'Save the array again with numpy.save');
  const found: { type?: ReturnType<typeof parseElement>; fortranOrder?: boolean; shape?: readonly number[] } =
    {};
  reader.demand(/\{/y, "'{'");
  while (reader.take(/\}/y) === null) {
    const key = reader.demand(
      /(['"])(descr|fortran_order|shape)\1\s*:/y,
      "'descr', 'fortran_order' or 'shape'",
    );
    if (key[2] === 'descr') found.type = parseElement(reader);
    else if (key[2] === 'shape') found.shape = parseShape(reader);
    else found.fortranOrder = reader.demand(/(True|False)\b/y, 'True or False')[1] === 'True';
    if (reader.take(/,/y) === null) {
      reader.demand(/\}/y, "',' or '}'");
      break;
    }
  }
  reader.end();
  const { type, fortranOrder, shape } = found;
  if (type === undefined) throw reader.fault("has no 'descr' in its header");
  if (fortranOrder === undefined) throw reader.fault("has no 'fortran_order' in its header");
  if (shape === undefined) throw reader.fault("has no 'shape' in its header");
  return { ...type, fortranOrder, shape };
};

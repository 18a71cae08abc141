import { shown } from '../../protocol/index.ts';
import { readObject, readScalar } from '../bytes/jsonReader.ts';
import type { LiteralReader } from '../bytes/literalReader.ts';
import { elementCount } from '../tensor.ts';

type TfjsDtype = 'float32' | 'float16' | 'int32' | 'uint16' | 'uint8' | 'bool' | 'complex64' | 'string';

/** Codes are stored, and a value is `code * scale + min`; float16 stores the values, rounded. */
interface TfjsQuantisation {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale: number;
  readonly min: number;
}

export interface TfjsWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfjsDtype;
  readonly quantisation?: TfjsQuantisation;
  readonly isOptimiser: boolean;
  /** Size as stored; null for text, whose length only the data show. */
  readonly bytes: number | null;
}

/** Size of one value in bytes; DTYPE_VALUE_SIZE_MAP of tfjs-core. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['float32', 4],
  ['float16', 2],
  ['int32', 4],
  ['uint16', 2],
  ['uint8', 1],
  ['bool', 1],
  ['complex64', 8],
]);
const CODES: ReadonlySet<string> = new Set(['uint8', 'uint16', 'float16']);
const MAX_RANK = 32;

const readList = <T>(reader: LiteralReader, what: string, most: number, item: () => T): T[] => {
  const items: T[] = [];
  reader.demand(/\[/y, `${what}, a list,`);
  if (reader.take(/\]/y) !== null) return items;
  do {
    if (items.length === most) throw reader.fault(`has more than ${most} items in ${what}`);
    items.push(item());
  } while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
  // A grown list has spare capacity; its copy has none.
  return items.slice();
};

const readNumber = (reader: LiteralReader, what: string): number => {
  const at = reader.position();
  const text = reader.demand(
    /-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,9})?(?![\w.])/y,
    what,
  )[0];
  const value = Number(text);
  if (!Number.isFinite(value)) throw reader.fault(`has ${what} beyond double precision`, at);
  return value;
};

const readQuantisation = (reader: LiteralReader, weight: string): TfjsQuantisation => {
  const at = reader.position();
  const found: { dtype?: string; scale?: number; min?: number } = {};
  readObject(reader, 'a quantization', (key) => {
    if (key === 'dtype') found.dtype = reader.jsonString("a dtype such as 'uint8'");
    else if (key === 'scale') found.scale = readNumber(reader, 'a scale, a number,');
    else if (key === 'min') found.min = readNumber(reader, 'a min, a number,');
    else readScalar(reader, 'a value');
  });
  const { dtype, scale, min } = found;
  if (dtype === undefined || !CODES.has(dtype)) {
    throw reader.fault(`has tensor ${weight} quantised as ${shown(dtype ?? '')}, which is not known`, at);
  }
  if (dtype !== 'float16' && (scale === undefined || min === undefined)) {
    throw reader.fault(`has tensor ${weight} quantised without ${scale === undefined ? 'scale' : 'min'}`, at);
  }
  return { dtype: dtype as TfjsQuantisation['dtype'], scale: scale ?? 1, min: min ?? 0 };
};

/** Why a quantisation cannot have this dtype, or null. */
const objection = (dtype: string, { dtype: codes, scale, min }: TfjsQuantisation): string | null => {
  if (dtype === 'float32') return null;
  if (dtype !== 'int32' || codes === 'float16') return `quantised as ${codes}, which is not defined`;
  const last = scale * (codes === 'uint8' ? 255 : 65535) + min;
  const isInt32 = [min, last].every((value) => Math.abs(value) < 2 ** 31 - 1);
  return isInt32 ? null : 'quantised over more than its range';
};

const bytesOf = (shape: readonly number[], size: number): number | null => {
  const bytes = (elementCount(shape) ?? Number.NaN) * size;
  return Number.isSafeInteger(bytes) ? bytes : null;
};

/** Reads one tensor's description. */
export const readWeight = (reader: LiteralReader): TfjsWeight => {
  const at = reader.position();
  const found: { name?: string; dtype?: string; group?: string | null; shape?: number[] } = {};
  let quantisation: TfjsQuantisation | undefined;
  readObject(reader, 'a tensor', (key) => {
    if (key === 'name') found.name = reader.jsonString("a tensor's name");
    else if (key === 'dtype') found.dtype = reader.jsonString("a dtype such as 'float32'");
    else if (key === 'shape') {
      found.shape = readList(reader, 'a shape', MAX_RANK, () => reader.natural('an extent of a shape'));
    } else if (key === 'quantization') quantisation = readQuantisation(reader, shown(found.name ?? ''));
    else if (key === 'group') found.group = readScalar(reader, 'a value');
    else readScalar(reader, 'a value');
  });
  const { name, dtype, shape } = found;
  const missing = name === undefined ? 'name' : dtype === undefined ? 'dtype' : 'shape';
  if (name === undefined || dtype === undefined || shape === undefined) {
    throw reader.fault(`has a tensor without ${missing}`, at);
  }
  const label = () => `tensor ${shown(name)} of dtype ${shown(dtype)}`;
  const rest = { name, shape, dtype: dtype as TfjsDtype, isOptimiser: found.group === 'optimizer' };
  if (dtype === 'string') return { ...rest, bytes: null };
  const problem = quantisation === undefined ? null : objection(dtype, quantisation);
  if (problem !== null) throw reader.fault(`has ${label()} ${problem}`, at);
  const size = SIZES.get(quantisation?.dtype ?? dtype);
  if (size === undefined) throw reader.fault(`has ${label()}, which is not known`, at);
  const bytes = bytesOf(shape, size);
  if (bytes === null) throw reader.fault(`has ${label()} with a shape too large for any file`, at);
  return { ...rest, quantisation, bytes };
};

import { inputFault } from '../../protocol/index.ts';
import { type Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readObject, readScalar } from '../bytes/jsonReader.ts';
import type { LiteralReader } from '../bytes/literalReader.ts';
import { readItems, readMembers, skipValue } from '../bytes/windowedJson.ts';
import { WindowReader } from '../bytes/windowReader.ts';
import { shown } from '../shown.ts';
import { elementCount } from '../tensor.ts';
import { skipTopology } from './topology.ts';

export type TfjsDtype =
  | 'float32'
  | 'float16'
  | 'int32'
  | 'uint16'
  | 'uint8'
  | 'bool'
  | 'complex64'
  | 'string';

/** Stored are codes, and a value is `code * scale + min`; float16 stores the values, rounded. */
export interface TfjsQuantisation {
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
  /** As stored; null for text, whose length only the data tell. */
  readonly bytes: number | null;
}

/** Tensors whose bytes follow each other, without padding, in the shards put end to end. */
export interface TfjsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly TfjsWeight[];
}

export interface TfjsManifest {
  readonly metadata: ReadonlyMap<string, string>;
  readonly groups: readonly TfjsGroup[];
}

/** Bytes of one value; DTYPE_VALUE_SIZE_MAP of tfjs-core. */
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
/** Far above any model; they bound what a hostile manifest can make us keep. */
const MAX_TENSORS = 2 ** 16;
const MAX_SHARDS = 10_000;
const MAX_RANK = 32;
const MAX_KEYS = 1000;
/** What a tensor takes with its entry and its place in the shards; and what a shard takes. Both beside their names. */
const WEIGHT_BYTES = 6 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;
const SHARD_BYTES = 2 * OBJECT_BYTES + MAP_PLACE_BYTES;
const METADATA = new Set(['format', 'generatedBy', 'convertedBy']);
const REMEDY = 'The file is damaged or not a model.json of TensorFlow.js: fetch or convert it again';

const readList = <T>(reader: LiteralReader, what: string, most: number, item: () => T): T[] => {
  const items: T[] = [];
  reader.demand(/\[/y, `${what}, a list,`);
  if (reader.take(/\]/y) !== null) return items;
  do {
    if (items.length === most) throw reader.fault(`has more than ${most} items in ${what}`);
    items.push(item());
  } while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
  // A list that has grown has room for more: its copy has not.
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

/** Why a quantisation cannot be of this dtype, or null. */
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

const readWeight = (reader: LiteralReader): TfjsWeight => {
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

type Spend = (bytes: number) => void;

/** Reads groups one by one: names are there once in all of them, and shards are counted over all of them. */
const groupReader = (reader: WindowReader, spend: Spend): (() => Promise<TfjsGroup>) => {
  const names = new Set<string>();
  let shards = 0;
  const readOne = () => {
    const at = reader.position();
    const weight = readWeight(reader);
    if (names.has(weight.name)) throw reader.fault(`has tensor ${shown(weight.name)} twice`, at);
    if (names.size === MAX_TENSORS) throw reader.fault(`has more than ${MAX_TENSORS} tensors`, at);
    spend(WEIGHT_BYTES + textBytes(weight.name) + 8 * weight.shape.length);
    names.add(weight.name);
    return weight;
  };
  const readPath = () => {
    const path = reader.jsonString('a path');
    spend(SHARD_BYTES + textBytes(path));
    return path;
  };
  return async () => {
    const at = reader.position();
    const group: { paths?: string[]; weights?: TfjsWeight[] } = {};
    await readMembers(reader, 'a group of weights', seenIn(spend), async (key) => {
      if (key === 'weights') group.weights = await readItems(reader, 'the weights', MAX_TENSORS, readOne);
      else if (key !== 'paths') await skipValue(reader, 'a value');
      else {
        group.paths = await readItems(reader, 'the paths', MAX_SHARDS - shards, readPath);
        shards += group.paths.length;
      }
    });
    const { paths, weights } = group;
    if (paths === undefined || weights === undefined) {
      throw reader.fault(`has a group without ${paths === undefined ? 'paths' : 'weights'}`, at);
    }
    return { paths, weights };
  };
};

/** Whether a key was there before, for an object whose keys are not kept elsewhere. */
const seenIn = (spend: Spend): ((key: string) => boolean) => {
  const keys = new Set<string>();
  return (key) => {
    const isSeen = keys.has(key);
    if (!isSeen) spend(MAP_PLACE_BYTES + textBytes(key));
    keys.add(key);
    return isSeen;
  };
};

/**
 * Reads and checks a manifest of TensorFlow.js: a model.json, or the bare list of groups that older converters
 * write beside the model (tfjs-core/src/io/types.ts). The topology is stepped over. Every refusal names its byte.
 */
export const readTfjsManifest = async (source: ByteSource, allowance: Allowance): Promise<TfjsManifest> => {
  const reader = new WindowReader(source, 0, source.size, REMEDY);
  const spend: Spend = (bytes) => allowance.spend(bytes, (what) => reader.fault(what));
  const readGroups = () => readItems(reader, 'the weights manifest', MAX_SHARDS, groupReader(reader, spend));
  const metadata = new Map<string, string>();
  let groups: TfjsGroup[] | undefined;
  let keys = 0;
  const readMember = async (key: string): Promise<void> => {
    if (++keys > MAX_KEYS) throw reader.fault(`has more than ${MAX_KEYS} keys`);
    await reader.fill();
    if (key === 'modelTopology' && (await skipTopology(reader))) return;
    if (key === 'weightsManifest') groups = await readGroups();
    else {
      const value = await skipValue(reader, 'a value');
      if (value !== null && METADATA.has(key)) metadata.set(key, value.slice(0, 200));
    }
  };
  await reader.fill();
  if (reader.peek() === '[') groups = await readGroups();
  else await readMembers(reader, 'a model', seenIn(spend), readMember);
  await reader.fill();
  reader.end();
  if (groups === undefined) throw inputFault('has no weightsManifest', source.name, REMEDY);
  return { metadata, groups };
};

import { inputFault, shown } from '../../protocol/index.ts';
import { type Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readItems, readMembers, skipValue } from '../bytes/windowedJson.ts';
import { WindowReader } from '../bytes/windowReader.ts';
import { skipTopology, type Topology } from './topology.ts';
import { readWeight, type TfjsWeight } from './weight.ts';

/** Tensors whose bytes follow each other, without padding, in the concatenated shards. */
export interface TfjsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly TfjsWeight[];
}

export interface TfjsManifest {
  readonly metadata: ReadonlyMap<string, string>;
  readonly groups: readonly TfjsGroup[];
  readonly topology: Topology | null;
}

/** Far above any model; they bound the memory that a hostile manifest can take. */
const MAX_TENSORS = 2 ** 16;
const MAX_SHARDS = 10_000;
const MAX_KEYS = 1000;
/** Memory of a tensor with its entry and its place in the shards, and of a shard; both besides their names. */
const WEIGHT_BYTES = 6 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;
const SHARD_BYTES = 2 * OBJECT_BYTES + MAP_PLACE_BYTES;
const METADATA = new Set(['format', 'generatedBy', 'convertedBy']);
const REMEDY = 'The file is damaged or not a model.json of TensorFlow.js: fetch or convert it again';

type Spend = (bytes: number) => void;

/** Reads groups one by one: names are unique and shards are numbered across all of them. */
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

/** Whether a key was seen before, for an object whose keys are not kept elsewhere. */
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
 * write beside the model (tfjs-core/src/io/types.ts). The topology is skipped. Every refusal names its byte.
 */
export const readTfjsManifest = async (source: ByteSource, allowance: Allowance): Promise<TfjsManifest> => {
  const reader = new WindowReader(source, 0, source.size, REMEDY);
  const spend: Spend = (bytes) => allowance.spend(bytes, (what) => reader.fault(what));
  const readGroups = () => readItems(reader, 'the weights manifest', MAX_SHARDS, groupReader(reader, spend));
  const metadata = new Map<string, string>();
  let groups: TfjsGroup[] | undefined;
  let topology: Topology | null = null;
  let keys = 0;
  const readMember = async (key: string): Promise<void> => {
    if (++keys > MAX_KEYS) throw reader.fault(`has more than ${MAX_KEYS} keys`);
    await reader.fill();
    if (key === 'modelTopology') {
      topology = await skipTopology(reader);
      if (topology !== null) return;
    }
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
  return { metadata, groups, topology };
};

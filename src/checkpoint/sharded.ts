import { Fault, inputFault, shown } from '../protocol/index.ts';
import { Allowance } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, OpenSibling, TensorEntry } from './checkpoint.ts';
import { FORMATS } from './formats.ts';
import { openSource } from './openSource.ts';
import { readShardIndex, type ShardIndex } from './shardIndex.ts';

/** Every shard stays open; the largest sets in use have some two hundred. */
const MAX_SHARDS = 512;
/** Each needs a window, and temporarily twice the memory of what is kept. */
const PARALLEL = 4;
const REMEDY = 'Fetch the whole set again, all files of one revision';

/** Calls `work` for each item, a few at a time; waits for all that were started, then throws the first error. */
const inParallel = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const errors: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && errors.length === 0)
      await work(items[next++]).catch((error) => errors.push(error));
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  if (errors.length > 0) throw errors[0];
};

const isMissing = (error: unknown): boolean =>
  error instanceof Fault && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';

const missingFault = (path: string, missing: readonly string[], all: number): Fault => {
  const first = [...missing].sort().slice(0, 5).map(shown).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return inputFault(`lacks ${missing.length} of its ${all} shards: ${first}${more}`, path, REMEDY);
};

/** Opens every shard by its own format, into `opened`; one fault names all that are missing. */
const openShards = async (
  path: string,
  names: readonly string[],
  openSibling: OpenSibling,
  opened: Map<string, Checkpoint>,
  allowance: Allowance,
): Promise<void> => {
  const missing: string[] = [];
  await inParallel(names, async (name) => {
    const source = await openSibling(name).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      missing.push(name);
    });
    if (source !== undefined) opened.set(name, await openSource(source, openSibling, FORMATS, allowance));
  });
  if (missing.length > 0) throw missingFault(path, missing, names.length);
};

interface Placed {
  readonly shard: Checkpoint;
  readonly entry: TensorEntry;
}

/** The tensors of all shards, shard by shard; if two have the same name, the index decides. */
const collect = (
  names: readonly string[],
  opened: Map<string, Checkpoint>,
  { files, isOfGroups }: ShardIndex,
) => {
  const tensors = new Map<string, Placed>();
  for (const name of names) {
    const shard = opened.get(name) as Checkpoint;
    for (const [tensor, entry] of shard.tensors) {
      const listed = isOfGroups ? undefined : files.get(tensor);
      if (listed === undefined ? tensors.has(tensor) : listed !== name) continue;
      // Storage is shared only within a shard.
      const { storage } = entry;
      const placed = storage === undefined ? entry : { ...entry, storage: `${name}: ${storage}` };
      tensors.set(tensor, { shard, entry: placed });
    }
  }
  return tensors;
};

const checkIndex = (path: string, { files }: ShardIndex, opened: ReadonlyMap<string, Checkpoint>): void => {
  for (const [tensor, file] of files) {
    if (opened.get(file)?.tensors.has(tensor)) continue;
    throw inputFault(`puts tensor ${shown(tensor)} into ${shown(file)}, which has none`, path, REMEDY);
  }
};

const closeAll = async (opened: ReadonlyMap<string, Checkpoint>): Promise<void> => {
  await Promise.all([...opened.values()].map((shard) => shard.close()));
};

const openSet = async (
  source: ByteSource,
  openSibling: OpenSibling,
  opened: Map<string, Checkpoint>,
  allowance: Allowance,
): Promise<Checkpoint> => {
  const path = source.name;
  const index = await readShardIndex(source, allowance);
  const names = [...index.names];
  if (names.length === 0) throw inputFault('is an index of no tensor', path, REMEDY);
  if (names.length > MAX_SHARDS) {
    throw inputFault(`has ${names.length} shards, more than ${MAX_SHARDS}`, path, 'Save it in larger shards');
  }
  await openShards(path, names, openSibling, opened, allowance);
  if (!index.isOfGroups) checkIndex(path, index, opened);
  const placed = collect(names, opened, index);
  const shards = names.map((name) => opened.get(name) as Checkpoint);
  return {
    path,
    format: `${[...new Set(shards.map(({ format }) => format))].join(' and ')} in ${shards.length} shards`,
    metadata: new Map([...shards.flatMap(({ metadata }) => [...metadata]), ...index.metadata]),
    tensors: new Map([...placed].map(([name, { entry }]) => [name, entry])),
    read: async (name) => {
      const tensor = placed.get(name);
      if (tensor !== undefined) return tensor.shard.read(name);
      throw inputFault(`has no tensor ${shown(name)}`, path, 'Use one of its tensors');
    },
    ranges: (name) => placed.get(name)?.shard.ranges?.(name) ?? null,
    close: () => closeAll(opened),
  };
};

const open = async (
  source: ByteSource,
  openSibling: OpenSibling,
  allowance = new Allowance(),
): Promise<Checkpoint> => {
  const opened = new Map<string, Checkpoint>();
  try {
    return await openSet(source, openSibling, opened, allowance);
  } catch (error) {
    await closeAll(opened);
    throw error;
  } finally {
    await source.close();
  }
};

/**
 * A checkpoint in several files, opened by its index (`model.safetensors.index.json`,
 * `pytorch_model.bin.index.json`, `model.weights.json` of Keras); each shard is a checkpoint in a single-file format.
 */
export const SHARDED: CheckpointFormat = {
  name: 'index of shards',
  isMine: (head) => {
    const text = Buffer.from(head).toString('latin1');
    return /^(?:\xef\xbb\xbf)?[ \t\r\n]*\{/.test(text) && text.includes('"weight_map"');
  },
  open,
};

import { inputFault, shown } from '../protocol/index.ts';
import { type Allowance, MAP_PLACE_BYTES, textBytes } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import { latin1Of } from './bytes/literalReader.ts';
import { readItems, readMembers, skipValue } from './bytes/windowedJson.ts';
import { WindowReader } from './bytes/windowReader.ts';

/** The index of a checkpoint in several files, in Hugging Face's format. */
export interface ShardIndex {
  readonly metadata: ReadonlyMap<string, string>;
  /** Which file each tensor is in. */
  readonly files: ReadonlyMap<string, string>;
  /** All files that it names. */
  readonly names: ReadonlySet<string>;
  /** Keras maps groups of variables, not tensors; a group may be in several files. */
  readonly isOfGroups: boolean;
}

/** The largest in use list some 140,000 tensors (a few for each expert of each layer) in some 20 MB. */
const MAX_BYTES = 2 ** 25;
const MAX_TENSORS = 200_000;
/** Files of one group of variables. */
const MAX_FILES = 10_000;
/** How Keras names a group: after the path of its variables. */
const KERAS_GROUP = /^\/.*\/vars$|^\/vars$/;
/** A byte order mark, which some editors put before UTF-8. */
const MARK = '\xef\xbb\xbf';
const REMEDY = 'The index is damaged: fetch or save it again';

type Keep = (...texts: string[]) => void;

const readMetadata = async (reader: WindowReader, keep: Keep): Promise<Map<string, string>> => {
  const metadata = new Map<string, string>();
  const keys = new Set<string>();
  const has = (key: string) => keys.has(key);
  await readMembers(reader, 'the metadata', has, async (key) => {
    const value = await skipValue(reader, 'a value');
    keep(key, value ?? '');
    keys.add(key);
    if (value !== null) metadata.set(key, value);
  });
  return metadata;
};

const readFiles = async (reader: WindowReader, keep: Keep): Promise<Omit<ShardIndex, 'metadata'>> => {
  const files = new Map<string, string>();
  // The name of a file is stored once, however many tensors are in it.
  const names = new Map<string, string>();
  const has = (tensor: string) => files.has(tensor);
  let isOfGroups = false;
  const readName = (tensor: string): string => {
    const file = reader.jsonString(`the file of tensor ${shown(tensor)}`);
    if (!names.has(file)) {
      keep(file);
      names.set(file, file);
    }
    return names.get(file) as string;
  };
  await readMembers(reader, 'the weight_map', has, async (tensor) => {
    if (files.size === MAX_TENSORS) throw reader.fault(`lists more than ${MAX_TENSORS} tensors`);
    await reader.fill();
    const isList = reader.peek() === '[';
    isOfGroups ||= isList || KERAS_GROUP.test(tensor);
    const listed = isList
      ? await readItems(reader, 'the files of a group', MAX_FILES, () => readName(tensor))
      : [readName(tensor)];
    keep(tensor);
    files.set(tensor, listed[0] ?? '');
  });
  return { files, names: new Set(names.values()), isOfGroups };
};

/** Reads an index file: an object with a `weight_map` from tensor to file and, usually, `metadata`. */
export const readShardIndex = async (source: ByteSource, allowance: Allowance): Promise<ShardIndex> => {
  const { name, size } = source;
  if (size > MAX_BYTES) {
    throw inputFault(`is an index of ${size} bytes, above the limit of ${MAX_BYTES}`, name, REMEDY);
  }
  const mark = latin1Of(await source.read(0, Math.min(MARK.length, size)));
  const reader = new WindowReader(source, mark === MARK ? MARK.length : 0, size, REMEDY);
  const keep = (...texts: string[]): void => {
    const bytes = texts.reduce((sum, text) => sum + textBytes(text), MAP_PLACE_BYTES);
    allowance.spend(bytes, (what) => reader.fault(what));
  };
  const found: { metadata?: Map<string, string>; files?: Omit<ShardIndex, 'metadata'> } = {};
  const keys = new Set<string>();
  const has = (key: string) => keys.has(key);
  await readMembers(reader, 'the index', has, async (key) => {
    keep(key);
    keys.add(key);
    await reader.fill();
    if (key === 'weight_map') found.files = await readFiles(reader, keep);
    else if (key === 'metadata' && reader.peek() === '{') found.metadata = await readMetadata(reader, keep);
    else await skipValue(reader, 'a value');
  });
  await reader.fill();
  reader.end();
  if (found.files === undefined) throw reader.fault('has no weight_map', 0);
  return { metadata: found.metadata ?? new Map(), ...found.files };
};

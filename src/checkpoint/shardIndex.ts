import { inputFault } from '../protocol/index.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import { readObject, readScalar } from './bytes/jsonReader.ts';
import { LiteralReader } from './bytes/literalReader.ts';
import { shown } from './shown.ts';

/** The index of a checkpoint in several files, as Hugging Face lays it out. */
export interface ShardIndex {
  readonly metadata: ReadonlyMap<string, string>;
  /** Which file each tensor is in. */
  readonly files: ReadonlyMap<string, string>;
}

/** The largest in use list some 140,000 tensors (a few for each expert of each layer) in some 20 MB. */
const MAX_BYTES = 2 ** 25;
const MAX_TENSORS = 200_000;
const REMEDY = 'The index is damaged: fetch or save it again';

const readMetadata = (reader: LiteralReader): Map<string, string> => {
  const metadata = new Map<string, string>();
  readObject(reader, 'the metadata', (key) => {
    const value = readScalar(reader, 'a value');
    if (value !== null) metadata.set(key, value);
  });
  return metadata;
};

const readFiles = (reader: LiteralReader): Map<string, string> => {
  const files = new Map<string, string>();
  readObject(reader, 'the weight_map', (tensor) => {
    if (files.size === MAX_TENSORS) throw reader.fault(`lists more than ${MAX_TENSORS} tensors`);
    files.set(tensor, reader.jsonString(`the file of tensor ${shown(tensor)}`));
  });
  return files;
};

/** Reads an index file: an object with a `weight_map` from tensor to file and, mostly, `metadata`. */
export const readShardIndex = async (source: ByteSource): Promise<ShardIndex> => {
  if (source.size > MAX_BYTES) {
    throw inputFault(
      `is an index of ${source.size} bytes, above the limit of ${MAX_BYTES}`,
      source.name,
      REMEDY,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, source.size));
  } catch (error) {
    throw inputFault('is not UTF-8', source.name, REMEDY, error);
  }
  const locate = (character: number) => `${source.name}, byte ${Buffer.byteLength(text.slice(0, character))}`;
  const reader = new LiteralReader(text, locate, REMEDY);
  const found: { metadata?: Map<string, string>; files?: Map<string, string> } = {};
  readObject(reader, 'the index', (key) => {
    if (key === 'weight_map') found.files = readFiles(reader);
    else if (key === 'metadata' && reader.peek() === '{') found.metadata = readMetadata(reader);
    else readScalar(reader, 'a value');
  });
  reader.end();
  if (found.files === undefined) throw reader.fault('has no weight_map', 0);
  return { metadata: found.metadata ?? new Map(), files: found.files };
};

import { shown } from '../../protocol/index.ts';
import {
  type Allowance,
  ARRAY_PLACE_BYTES,
  MAP_PLACE_BYTES,
  OBJECT_BYTES,
  textBytes,
} from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readObject, readScalar } from '../bytes/jsonReader.ts';
import type { LiteralReader } from '../bytes/literalReader.ts';
import { readMembers } from '../bytes/windowedJson.ts';
import { WindowReader } from '../bytes/windowReader.ts';
import type { SafetensorsEntry } from './entry.ts';
import { checkLayout } from './layout.ts';
import { SAFETENSORS_TYPES } from './types.ts';

/** Names of training state beside the model's parameters. */
const OPTIMISER = /^optimi[sz]er[./]/;

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** Sorted by offset. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

/** Far more than any checkpoint has, and few enough to keep in memory. */
const MAX_TENSORS = 200_000;
/** Limit of one metadata text. Trainers store tables of a few hundred KB there, and pictures, which are not needed. */
const MAX_TEXT = 2 ** 20;
/** Trainers write some hundred. */
const MAX_TEXTS = 2 ** 16;
/** Memory of a tensor besides its name and shape. */
const ENTRY_BYTES = 1.25 * OBJECT_BYTES + MAP_PLACE_BYTES + ARRAY_PLACE_BYTES;
const REMEDY = 'The file is damaged or not a safetensors file: fetch or save it again';

const readNaturals = (reader: LiteralReader, what: string): number[] => {
  const numbers: number[] = [];
  reader.demand(/\[/y, `${what}, a list,`);
  if (reader.take(/\]/y) !== null) return numbers;
  do numbers.push(reader.natural(what));
  while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
  // A grown list has spare capacity; its copy has none.
  return numbers.slice();
};

const readDtype = (reader: LiteralReader): string => {
  const at = reader.position();
  const dtype = reader.jsonString("a dtype such as 'F32'");
  if (!(dtype in SAFETENSORS_TYPES)) throw reader.fault(`has the unknown dtype ${shown(dtype)}`, at);
  return dtype;
};

const readOffsets = (reader: LiteralReader, name: string): [number, number] => {
  const at = reader.position();
  const offsets = readNaturals(reader, 'an offset');
  if (offsets.length !== 2) {
    throw reader.fault(`has ${offsets.length} data_offsets for tensor ${shown(name)}, not 2`, at);
  }
  return [offsets[0], offsets[1]];
};

const readEntry = (reader: LiteralReader, name: string, dataStart: number): SafetensorsEntry => {
  const at = reader.position();
  const found: { dtype?: string; shape?: number[]; offsets?: [number, number] } = {};
  readObject(reader, `tensor ${shown(name)}`, (key) => {
    if (key === 'dtype') found.dtype = readDtype(reader);
    else if (key === 'shape') found.shape = readNaturals(reader, 'an extent of a shape');
    else if (key === 'data_offsets') found.offsets = readOffsets(reader, name);
    // The format's own reader skips what it does not know.
    else readScalar(reader, 'a value');
  });
  const { dtype, shape, offsets } = found;
  const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets';
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    throw reader.fault(`has no ${missing} for tensor ${shown(name)}`, at);
  }
  const [begin, end] = offsets;
  const { unreadable } = SAFETENSORS_TYPES[dtype];
  return {
    name,
    dtype,
    shape,
    bytes: end - begin,
    begin: dataStart + begin,
    end: dataStart + end,
    at,
    ...(OPTIMISER.test(name) ? { optimiser: true as const } : {}),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

/** The entries in file order, which is how most files list them. */
const sortedEntries = (entries: Map<string, SafetensorsEntry>): Map<string, SafetensorsEntry> => {
  const order = (a: SafetensorsEntry, b: SafetensorsEntry) => a.begin - b.begin || a.end - b.end;
  const list = [...entries.values()];
  if (list.every((entry, i) => i === 0 || order(list[i - 1], entry) <= 0)) return entries;
  return new Map(list.sort(order).map((entry) => [entry.name, entry]));
};

const readMetadata = async (
  reader: WindowReader,
  metadata: Map<string, string>,
  spend: (bytes: number) => void,
): Promise<void> => {
  const has = (name: string) => metadata.has(name);
  await readMembers(reader, 'the metadata', has, async (name) => {
    if (metadata.size === MAX_TEXTS) throw reader.fault(`has more than ${MAX_TEXTS} texts of metadata`);
    const text = await reader.longString(`the text of metadata ${shown(name)}`, MAX_TEXT);
    const kept = typeof text === 'string' ? text : `a text of ${text} bytes`;
    spend(MAP_PLACE_BYTES + textBytes(name) + textBytes(kept));
    metadata.set(name, kept);
  });
};

/**
 * Reads and checks the header of a safetensors file, which is its bytes [begin, end), by the rules of the format's
 * own reader: strict JSON without repeated keys, known dtypes, and offsets that cover the rest of the file exactly.
 * Every refusal names the byte of the file. The header is read through a window and never as a whole.
 */
export const readSafetensorsHeader = async (
  source: ByteSource,
  begin: number,
  end: number,
  allowance: Allowance,
): Promise<SafetensorsHeader> => {
  const reader = new WindowReader(source, begin, end, REMEDY, 'has a header that is not UTF-8');
  const spend = (bytes: number) => allowance.spend(bytes, (what) => reader.fault(what));
  const metadata = new Map<string, string>();
  const entries = new Map<string, SafetensorsEntry>();
  let hasMetadata = false;
  const has = (key: string) => (key === '__metadata__' ? hasMetadata : entries.has(key));
  await readMembers(reader, 'the list of tensors', has, (key) => {
    if (entries.size === MAX_TENSORS) throw reader.fault(`lists more than ${MAX_TENSORS} tensors`);
    if (key === '__metadata__') {
      hasMetadata = true;
      // Some writers put null there, which the format's own reader treats as absent.
      return reader.take(/null/y) === null ? readMetadata(reader, metadata, spend) : undefined;
    }
    const entry = readEntry(reader, key, end);
    spend(ENTRY_BYTES + textBytes(key) + 8 * entry.shape.length);
    entries.set(key, entry);
  });
  await reader.fill();
  reader.end();
  const tensors = sortedEntries(entries);
  checkLayout(reader, tensors.values(), { begin, end }, source.size);
  return { metadata, tensors };
};

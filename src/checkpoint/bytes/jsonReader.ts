import { shown } from '../../protocol/index.ts';
import type { LiteralReader } from './literalReader.ts';

/** Keys of an object that is read at once: real ones have a few. */
const MAX_KEYS = 4096;

/** Reads a key, refusing a duplicate, and its colon. */
export const readKey = (reader: LiteralReader, has: (key: string) => boolean): string => {
  const at = reader.position();
  const key = reader.jsonString('a key in double quotes');
  if (has(key)) throw reader.fault(`has the key ${shown(key)} twice in its header`, at);
  reader.demand(/:/y, "':'");
  return key;
};

/** Calls `member` for each key of a JSON object, refusing duplicate keys. */
export const readObject = (reader: LiteralReader, what: string, member: (key: string) => void): void => {
  const keys = new Set<string>();
  reader.demand(/\{/y, `${what}, a JSON object,`);
  if (reader.take(/\}/y) !== null) return;
  do {
    if (keys.size === MAX_KEYS) throw reader.fault(`has more than ${MAX_KEYS} keys in ${what}`);
    const key = readKey(reader, (name) => keys.has(name));
    keys.add(key);
    member(key);
  } while (reader.take(/,/y) !== null);
  reader.demand(/\}/y, "',' or '}'");
};

export const MAX_DEPTH = 64;
/** A number or a word; none is longer. */
export const WORD = /-?\d[\d.eE+-]{0,40}|true|false|null/y;

/** Skips one JSON value of any kind. Returns its text if it is a string, number or word, else null. */
export const readScalar = (reader: LiteralReader, what: string, depth = 0): string | null => {
  if (depth > MAX_DEPTH) throw reader.fault(`nests deeper than ${MAX_DEPTH} levels`);
  const word = reader.take(WORD);
  if (word !== null) return word[0];
  if (reader.peek() === '"') return reader.jsonString(what);
  if (reader.take(/\{/y) !== null) skipMembers(reader, what, depth);
  else skipItems(reader, what, depth);
  return null;
};

/** Skipped values may have duplicate keys: remembering their keys could take any amount of memory. */
const skipMembers = (reader: LiteralReader, what: string, depth: number): void => {
  if (reader.take(/\}/y) !== null) return;
  do {
    readKey(reader, () => false);
    readScalar(reader, what, depth + 1);
  } while (reader.take(/,/y) !== null);
  reader.demand(/\}/y, "',' or '}'");
};

const skipItems = (reader: LiteralReader, what: string, depth: number): void => {
  reader.demand(/\[/y, what);
  if (reader.take(/\]/y) !== null) return;
  do readScalar(reader, what, depth + 1);
  while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
};

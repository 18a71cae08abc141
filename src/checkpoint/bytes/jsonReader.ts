import { shown } from '../shown.ts';
import type { LiteralReader } from './literalReader.ts';

/** Calls `member` for each key of a JSON object, refusing a key that is there twice. */
export const readObject = (reader: LiteralReader, what: string, member: (key: string) => void): void => {
  const keys = new Set<string>();
  reader.demand(/\{/y, `${what}, a JSON object,`);
  if (reader.take(/\}/y) !== null) return;
  do {
    const at = reader.position();
    const key = reader.jsonString('a key in double quotes');
    if (keys.has(key)) throw reader.fault(`has the key ${shown(key)} twice in its header`, at);
    keys.add(key);
    reader.demand(/:/y, "':'");
    member(key);
  } while (reader.take(/,/y) !== null);
  reader.demand(/\}/y, "',' or '}'");
};

const MAX_DEPTH = 64;

/** Reads over one JSON value of any kind; its text if it is a single string, number or word, else null. */
export const readScalar = (reader: LiteralReader, what: string, depth = 0): string | null => {
  if (depth > MAX_DEPTH) throw reader.fault(`nests deeper than ${MAX_DEPTH} levels`);
  const word = reader.take(/-?\d[\d.eE+-]{0,40}|true|false|null/y);
  if (word !== null) return word[0];
  if (reader.peek() === '"') return reader.jsonString(what);
  if (reader.peek() === '{') readObject(reader, what, () => readScalar(reader, what, depth + 1));
  else readList(reader, what, depth);
  return null;
};

const readList = (reader: LiteralReader, what: string, depth: number): void => {
  reader.demand(/\[/y, what);
  if (reader.take(/\]/y) !== null) return;
  do readScalar(reader, what, depth + 1);
  while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
};

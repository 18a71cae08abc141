import { MAX_DEPTH, readKey, WORD } from './jsonReader.ts';
import { ownText } from './literalReader.ts';
import type { WindowReader } from './windowReader.ts';

/**
 * Calls `member` for each key of a JSON object that may be longer than memory, and awaits it. `has` tells which
 * keys were seen before: duplicates are refused.
 */
export const readMembers = async (
  reader: WindowReader,
  what: string,
  has: (key: string) => boolean,
  member: (key: string) => void | Promise<void>,
): Promise<void> => {
  await reader.fill();
  reader.demand(/\{/y, `${what}, a JSON object,`);
  await reader.fill();
  if (reader.take(/\}/y) !== null) return;
  do {
    // Awaiting for each member would take longer than reading them: most are in the window already.
    const filling = reader.fill();
    if (filling !== undefined) await filling;
    const reading = member(readKey(reader, has));
    if (reading !== undefined) await reading;
    const following = reader.fill();
    if (following !== undefined) await following;
  } while (reader.take(/,/y) !== null);
  reader.demand(/\}/y, "',' or '}'");
};

/** Reads a JSON list that may be longer than memory, of at most `most` items, and awaits each. */
export const readItems = async <T>(
  reader: WindowReader,
  what: string,
  most: number,
  item: () => T | Promise<T>,
): Promise<T[]> => {
  const items: T[] = [];
  await reader.fill();
  reader.demand(/\[/y, `${what}, a list,`);
  await reader.fill();
  if (reader.take(/\]/y) !== null) return items;
  do {
    const filling = reader.fill();
    if (filling !== undefined) await filling;
    if (items.length === most) throw reader.fault(`has more than ${most} items in ${what}`);
    const reading = item();
    items.push(reading instanceof Promise ? await reading : reading);
    const following = reader.fill();
    if (following !== undefined) await following;
  } while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
  return items;
};

/** Longer texts are not kept. */
const MAX_TEXT = 2 ** 20;

/** Skips one JSON value of any size and kind. Returns its text if it is a short string, a number or a word, else null. */
export const skipValue = async (reader: WindowReader, what: string): Promise<string | null> => {
  await reader.fill();
  const word = reader.take(WORD);
  if (word !== null) return ownText(word[0]);
  if (reader.peek() !== '"') return skipNested(reader, what);
  const text = await reader.longString(what, MAX_TEXT);
  return typeof text === 'string' ? text : null;
};

const [END_OF_LIST, END_OF_OBJECT] = [/\]/y, /\}/y];

/** Moves to the next value in the open lists and objects, past their ends; false when none is open any more. */
const toNextValue = (reader: WindowReader, open: RegExp[], isFirst: boolean): boolean => {
  for (let isAfterValue = !isFirst; open.length > 0; isAfterValue = true) {
    const end = open[open.length - 1];
    const isObject = end === END_OF_OBJECT;
    if (reader.take(end) === null) {
      if (isAfterValue) reader.demand(/,/y, isObject ? "',' or '}'" : "',' or ']'");
      if (isObject) readKey(reader, () => false);
      return true;
    }
    open.pop();
  }
  return false;
};

/** Skips a list or an object, without recursion. Duplicate keys in it are allowed. */
const skipNested = async (reader: WindowReader, what: string): Promise<null> => {
  const open: RegExp[] = [];
  for (;;) {
    if (open.length > MAX_DEPTH) throw reader.fault(`nests deeper than ${MAX_DEPTH} levels`);
    const opening = reader.take(/[[{]/y);
    if (opening !== null) open.push(opening[0] === '[' ? END_OF_LIST : END_OF_OBJECT);
    else if (reader.take(WORD) === null) await reader.longString(what, 0);
    const following = reader.fill();
    if (following !== undefined) await following;
    if (!toNextValue(reader, open, opening !== null)) return null;
    const filling = reader.fill();
    if (filling !== undefined) await filling;
  }
};

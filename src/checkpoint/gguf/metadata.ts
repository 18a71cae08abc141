import type { GgufCursor } from './cursor.ts';

/** Characters kept of a longer text (a chat template). */
const MAX_TEXT = 200;
/** Items kept of a longer list (a vocabulary). */
const MAX_ITEMS = 3;
/** Lists of lists: the format sets no bound. */
const MAX_DEPTH = 4;
/** Total number of lists in a header. */
const MAX_LISTS = 2 ** 16;

const STRING = 8;
const ARRAY = 9;

interface ScalarType {
  readonly bytes: number;
  readonly text: (view: DataView, little: boolean) => string;
}

const scalar = (bytes: number, text: ScalarType['text']): ScalarType => ({ bytes, text });

/** Seven digits distinguish float32 values in print, and 0.1 prints as such. */
const float32Text: ScalarType['text'] = (v, l) => String(Number(v.getFloat32(0, l).toPrecision(7)));

/** `gguf_metadata_value_type` of the format's description, by number. */
const SCALARS: ReadonlyMap<number, ScalarType> = new Map([
  [0, scalar(1, (v) => String(v.getUint8(0)))],
  [1, scalar(1, (v) => String(v.getInt8(0)))],
  [2, scalar(2, (v, l) => String(v.getUint16(0, l)))],
  [3, scalar(2, (v, l) => String(v.getInt16(0, l)))],
  [4, scalar(4, (v, l) => String(v.getUint32(0, l)))],
  [5, scalar(4, (v, l) => String(v.getInt32(0, l)))],
  [6, scalar(4, float32Text)],
  [7, scalar(1, (v) => String(v.getUint8(0) !== 0))],
  [10, scalar(8, (v, l) => String(v.getBigUint64(0, l)))],
  [11, scalar(8, (v, l) => String(v.getBigInt64(0, l)))],
  [12, scalar(8, (v, l) => String(v.getFloat64(0, l)))],
]);

const readString = async (cursor: GgufCursor): Promise<string> => {
  // Four bytes are the longest character.
  const { text, isCut } = await cursor.text('text', MAX_TEXT * 4);
  return isCut || text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
};

/** Fewest bytes that a value of a type takes. */
const leastBytes = (cursor: GgufCursor, type: number): number => {
  const length = cursor.wide ? 8 : 4;
  return type === ARRAY ? 4 + length : type === STRING ? length : (SCALARS.get(type)?.bytes ?? 1);
};

/** Type and length of a list; leaves the cursor at its first item. */
const readListHead = async (cursor: GgufCursor, depth: number): Promise<{ type: number; count: number }> => {
  const at = cursor.at;
  if (depth >= MAX_DEPTH) throw cursor.fault(`has lists nested deeper than ${MAX_DEPTH} in its metadata`);
  if (++cursor.lists > MAX_LISTS) throw cursor.fault(`has more than ${MAX_LISTS} lists in its metadata`);
  const type = await cursor.uint32();
  if (type !== STRING && type !== ARRAY && !SCALARS.has(type)) {
    throw cursor.fault(`has a list of the unknown metadata type ${type}`, at);
  }
  return { type, count: await cursor.countOf('values of a list', leastBytes(cursor, type)) };
};

const skipItems = async (cursor: GgufCursor, type: number, count: number, depth: number): Promise<void> => {
  if (type === STRING) return cursor.skipTexts(count);
  if (type !== ARRAY) return cursor.skip(count * leastBytes(cursor, type));
  for (let i = 0; i < count; i++) {
    const inner = await readListHead(cursor, depth);
    await skipItems(cursor, inner.type, inner.count, depth + 1);
  }
};

const readList = async (cursor: GgufCursor, depth: number): Promise<string> => {
  const { type, count } = await readListHead(cursor, depth);
  const shown: string[] = [];
  while (shown.length < Math.min(count, MAX_ITEMS)) {
    const text = await readMetadataValue(cursor, type, depth + 1);
    shown.push(type === STRING ? JSON.stringify(text) : text);
  }
  await skipItems(cursor, type, count - shown.length, depth + 1);
  if (count > shown.length) shown.push(`… (${count} in all)`);
  return `[${shown.join(', ')}]`;
};

/**
 * One value of a GGUF header as short text: numbers and truth values in full, a text cut to 200 characters, a list
 * as its first three values and its length. Refuses unknown types, and lists in lists more than four deep.
 */
export const readMetadataValue = async (cursor: GgufCursor, type: number, depth = 0): Promise<string> => {
  if (type === STRING) return readString(cursor);
  if (type === ARRAY) return readList(cursor, depth);
  const found = SCALARS.get(type);
  if (found === undefined) throw cursor.fault(`has the unknown metadata type ${type}`, cursor.at - 4);
  return cursor.number(found.bytes, found.text);
};

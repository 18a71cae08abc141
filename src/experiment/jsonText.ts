import { shown } from '../protocol/index.ts';

/** A JSON value that remembers its place in the text. */
export interface JsonNode {
  readonly value: unknown;
  /** Offset of the value's first character. */
  readonly offset: number;
  /** Members of an object (by key) or of an array (by index). */
  readonly members: ReadonlyMap<string | number, JsonMember>;
}
interface JsonMember extends JsonNode {
  /** Offset of the key's opening quote; for an array element that of the value. */
  readonly keyOffset: number;
}

/** Text that is not JSON: what is wrong, at which offset, and what to do. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  readonly remedy: string;
  constructor(what: string, offset: number, remedy: string) {
    super(what);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
    this.remedy = remedy;
  }
}

const DEEPEST = 100;
const NONE: ReadonlyMap<string | number, JsonMember> = new Map();
/**
 * Values in one file; limited because the schema's library collects the problems of a list by spreading them
 * into a call.
 */
const MOST_VALUES = 50_000;
/** Longer numbers carry no more precision, and an unbounded pattern needs stack space proportional to its match. */
const SCALAR =
  /-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,400})?(?![\w.])|(?:true|false|null)(?!\w)/uy;
const BACKSLASH = 92;
const QUOTE = 34;
/** The codes before it are control characters, which JSON allows only as escapes. */
const SPACE = 32;

/** The string whose opening quote is here, with both quotes; null when it is not closed or not valid. */
const stringAt = (text: string, start: number): string | null => {
  let end = start + 1;
  for (let code = text.charCodeAt(end); end < text.length && code !== QUOTE; code = text.charCodeAt(end)) {
    if (code < SPACE) return null;
    end += code === BACKSLASH ? 2 : 1;
  }
  return end >= text.length ? null : text.slice(start, end + 1);
};

/**
 * Strict JSON (RFC 8259, a leading byte-order mark allowed) with the position of every value. Repeated keys, nesting
 * deeper than 100 and more than 50,000 values are refused. Throws `JsonSyntaxError`.
 */
export function parseJsonText(text: string): JsonNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const skip = () => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  };
  let values = 0;
  const found = () => (at >= text.length ? 'the end of the file' : `"${[...text.slice(at, at + 2)][0]}"`);
  const fail = (what: string, remedy: string, offset = at): never => {
    throw new JsonSyntaxError(what, offset, remedy);
  };

  const scalar = (): JsonNode => {
    SCALAR.lastIndex = at;
    const token = text[at] === '"' ? stringAt(text, at) : SCALAR.exec(text)?.[0];
    if (token == null) return failScalar();
    const offset = at;
    const value = scalarValue(token);
    at += token.length;
    return { value, offset, members: NONE };
  };

  const scalarValue = (token: string): unknown => {
    try {
      return JSON.parse(token);
    } catch {
      return failScalar();
    }
  };

  const failScalar = (): never => {
    if (text.startsWith('//', at) || text.startsWith('/*', at)) {
      return fail('a comment is not JSON', 'Remove it; "description" holds free text');
    }
    if (text[at] === '"') {
      return fail('the string is not closed or holds an invalid character', 'Close it with a double quote');
    }
    if (text[at] === "'") return fail('single quotes are not JSON', 'Use double quotes');
    return fail(`expected a value, found ${found()}`, 'Write a string, number, true, false, null, [ or {');
  };

  const container = (depth: number): JsonNode => {
    if (depth > DEEPEST) fail(`values are nested deeper than ${DEEPEST}`, 'Flatten the file');
    const offset = at;
    const isObject = text[at] === '{';
    const close = isObject ? '}' : ']';
    const members = new Map<string | number, JsonMember>();
    at += 1;
    skip();
    while (text[at] !== close) {
      const keyOffset = at;
      const key = isObject ? memberKey(members) : members.size;
      members.set(key, { ...node(depth + 1), keyOffset });
      skip();
      if (text[at] === close) break;
      if (text[at] !== ',') fail(`expected "," or "${close}", found ${found()}`, 'Add the missing character');
      const comma = at;
      at += 1;
      skip();
      if (text[at] === close) fail(`a comma before "${close}" is not JSON`, 'Remove the comma', comma);
    }
    at += 1;
    const entries = [...members].map(([key, member]) => [key, member.value] as const);
    // fromEntries defines own properties, so that a key like "__proto__" stays an ordinary, unknown key.
    return {
      value: isObject ? Object.fromEntries(entries) : entries.map(([, value]) => value),
      offset,
      members,
    };
  };

  const memberKey = (members: ReadonlyMap<string | number, JsonMember>): string => {
    if (text[at] !== '"') {
      if (text[at] === '/') failScalar();
      fail(`expected a key in double quotes, found ${found()}`, 'Write "key": value');
    }
    const { value, offset } = scalar();
    const key = value as string;
    if (members.has(key)) fail(`the key ${shown(key)} appears twice`, 'Remove one of the two', offset);
    skip();
    if (text[at] !== ':') fail(`expected ":" after the key ${shown(key)}, found ${found()}`, 'Add the colon');
    at += 1;
    return key;
  };

  const node = (depth: number): JsonNode => {
    skip();
    values += 1;
    if (values > MOST_VALUES) fail(`there are more than ${MOST_VALUES} values`, 'Shorten its lists');
    return text[at] === '{' || text[at] === '[' ? container(depth) : scalar();
  };

  const root = node(0);
  skip();
  if (at < text.length)
    fail(`expected the end of the file, found ${found()}`, 'Remove what follows the last "}"');
  return root;
}

/** Line and column, both from 1, of an offset. */
export type PlaceOf = (offset: number) => { line: number; column: number };

/** Finds places in a text, whose lines are searched for once. */
export const placesIn = (text: string): PlaceOf => {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  };
};

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

/** Reads a text from its beginning to its end, once. */
class JsonTextReader {
  private at: number;
  private values = 0;

  constructor(private readonly text: string) {
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  read(): JsonNode {
    const root = this.node(0);
    this.skip();
    if (this.at < this.text.length)
      this.fail(`expected the end of the file, found ${this.found()}`, 'Remove what follows the last "}"');
    return root;
  }

  private skip(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  private found(): string {
    const { text, at } = this;
    return at >= text.length ? 'the end of the file' : `"${[...text.slice(at, at + 2)][0]}"`;
  }

  private fail(what: string, remedy: string, offset = this.at): never {
    throw new JsonSyntaxError(what, offset, remedy);
  }

  private node(depth: number): JsonNode {
    this.skip();
    this.values += 1;
    if (this.values > MOST_VALUES)
      this.fail(`there are more than ${MOST_VALUES} values`, 'Shorten its lists');
    const first = this.text[this.at];
    return first === '{' || first === '[' ? this.container(depth) : this.scalar();
  }

  private scalar(): JsonNode {
    const { text, at: offset } = this;
    SCALAR.lastIndex = offset;
    const token = text[offset] === '"' ? stringAt(text, offset) : SCALAR.exec(text)?.[0];
    if (token == null) return this.failScalar();
    const value = this.scalarValue(token);
    this.at += token.length;
    return { value, offset, members: NONE };
  }

  private scalarValue(token: string): unknown {
    try {
      return JSON.parse(token);
    } catch {
      return this.failScalar();
    }
  }

  private failScalar(): never {
    const { text, at } = this;
    if (text.startsWith('//', at) || text.startsWith('/*', at)) {
      return this.fail('a comment is not JSON', 'Remove it; "description" holds free text');
    }
    if (text[at] === '"') {
      return this.fail(
        'the string is not closed or holds an invalid character',
        'Close it with a double quote',
      );
    }
    if (text[at] === "'") return this.fail('single quotes are not JSON', 'Use double quotes');
    const remedy = 'Write a string, number, true, false, null, [ or {';
    return this.fail(`expected a value, found ${this.found()}`, remedy);
  }

  private container(depth: number): JsonNode {
    if (depth > DEEPEST) this.fail(`values are nested deeper than ${DEEPEST}`, 'Flatten the file');
    const { text, at: offset } = this;
    const isObject = text[offset] === '{';
    const close = isObject ? '}' : ']';
    const members = new Map<string | number, JsonMember>();
    this.at += 1;
    this.skip();
    while (text[this.at] !== close) {
      const keyOffset = this.at;
      const key = isObject ? this.memberKey(members) : members.size;
      members.set(key, { ...this.node(depth + 1), keyOffset });
      this.skip();
      if (text[this.at] !== close) this.comma(close);
    }
    this.at += 1;
    const entries = [...members].map(([key, member]) => [key, member.value] as const);
    // fromEntries defines own properties, so that a key like "__proto__" stays an ordinary, unknown key.
    return {
      value: isObject ? Object.fromEntries(entries) : entries.map(([, value]) => value),
      offset,
      members,
    };
  }

  /** A comma, and another member after it. */
  private comma(close: string): void {
    const { text, at: offset } = this;
    if (text[offset] !== ',')
      this.fail(`expected "," or "${close}", found ${this.found()}`, 'Add the missing character');
    this.at += 1;
    this.skip();
    if (text[this.at] === close)
      this.fail(`a comma before "${close}" is not JSON`, 'Remove the comma', offset);
  }

  private memberKey(members: ReadonlyMap<string | number, JsonMember>): string {
    if (this.text[this.at] !== '"') {
      if (this.text[this.at] === '/') this.failScalar();
      this.fail(`expected a key in double quotes, found ${this.found()}`, 'Write "key": value');
    }
    const { value, offset } = this.scalar();
    const key = value as string;
    if (members.has(key)) this.fail(`the key ${shown(key)} appears twice`, 'Remove one of the two', offset);
    this.skip();
    if (this.text[this.at] !== ':')
      this.fail(`expected ":" after the key ${shown(key)}, found ${this.found()}`, 'Add the colon');
    this.at += 1;
    return key;
  }
}

/**
 * Strict JSON (RFC 8259, a leading byte-order mark allowed) with the position of every value. Repeated keys, nesting
 * deeper than 100 and more than 50,000 values are refused. Throws `JsonSyntaxError`.
 */
export const parseJsonText = (text: string): JsonNode => new JsonTextReader(text).read();

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

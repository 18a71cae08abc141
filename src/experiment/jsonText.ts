/** A JSON value that remembers where in its text it stands. */
export interface JsonNode {
  readonly value: unknown;
  /** Offset of the value's first character. */
  readonly offset: number;
  /** Members of an object (by key) or of an array (by index). */
  readonly members: ReadonlyMap<string | number, JsonMember>;
}
export interface JsonMember extends JsonNode {
  /** Offset of the key's opening quote; for an array element that of the value. */
  readonly keyOffset: number;
}

/** Text that is not JSON: what is wrong at which offset, and what to do. */
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
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/uy;

/**
 * Strict JSON (RFC 8259, a leading byte-order mark allowed) with the position of every value. Repeated keys and nesting
 * deeper than 100 are refused. Throws `JsonSyntaxError`.
 */
export function parseJsonText(text: string): JsonNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const skip = () => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  };
  const found = () => (at >= text.length ? 'the end of the file' : `"${[...text.slice(at, at + 2)][0]}"`);
  const fail = (what: string, remedy: string, offset = at): never => {
    throw new JsonSyntaxError(what, offset, remedy);
  };

  const scalar = (): JsonNode => {
    SCALAR.lastIndex = at;
    const token = SCALAR.exec(text)?.[0];
    if (token === undefined) return failScalar();
    const offset = at;
    at += token.length;
    return { value: JSON.parse(token), offset, members: NONE };
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
    if (members.has(key)) fail(`the key "${key}" appears twice`, 'Remove one of the two', offset);
    skip();
    if (text[at] !== ':') fail(`expected ":" after the key "${key}", found ${found()}`, 'Add the colon');
    at += 1;
    return key;
  };

  const node = (depth: number): JsonNode => {
    skip();
    return text[at] === '{' || text[at] === '[' ? container(depth) : scalar();
  };

  const root = node(0);
  skip();
  if (at < text.length)
    fail(`expected the end of the file, found ${found()}`, 'Remove what follows the last "}"');
  return root;
}

/** Line and column, both from 1, of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

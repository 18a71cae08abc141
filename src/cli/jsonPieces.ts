import { visibleJson } from '../protocol/index.ts';

/** Members of the document's own members, such as one layer of all, are each one piece. */
const DEPTH = 2;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function* pieces(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield visibleJson(JSON.stringify(value) ?? 'null');
    return;
  }
  const entries = isList(value)
    ? value.map((member) => ['', member] as const)
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [`${visibleJson(JSON.stringify(key))}:`, member] as const);
  let before = isList(value) ? '[' : '{';
  for (const [key, member] of entries) {
    yield `${before}${key}`;
    yield* pieces(member, depth - 1);
    before = ',';
  }
  const opening = isList(value) ? '[' : '{';
  yield `${before === opening ? opening : ''}${isList(value) ? ']' : '}'}`;
}

/**
 * The text of a JSON document, in pieces, and a line feed: together they may be longer than a string can be. Control
 * characters, also those that JSON allows (U+007F to U+009F), and marks of direction are escaped.
 */
export function* jsonPieces(document: unknown): Generator<string> {
  yield* pieces(document, DEPTH);
  yield '\n';
}

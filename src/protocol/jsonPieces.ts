import { visibleJson } from './inertText.ts';

/**
 * A list in a document whose members are text already, for lists that would fill memory as objects. Members are written
 * on demand, one at a time.
 */
export class WrittenList {
  constructor(readonly members: () => Iterable<string>) {}
}

/** The text of a JSON value. Control characters, also those that JSON allows (U+007F to U+009F), and marks of direction are escaped. */
export const jsonText = (value: unknown): string => visibleJson(JSON.stringify(value) ?? 'null');

/** Members at this depth, such as one of many vectors, are written as one piece each. */
const DEPTH = 2;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function* writtenPieces(list: WrittenList): Generator<string> {
  let before = '[';
  for (const member of list.members()) {
    yield before;
    yield member;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function* pieces(value: unknown, depth: number): Generator<string> {
  if (value instanceof WrittenList) {
    yield* writtenPieces(value);
    return;
  }
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield jsonText(value);
    return;
  }
  const entries = isList(value)
    ? value.map((member) => ['', member] as const)
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [`${jsonText(key)}:`, member] as const);
  let before = isList(value) ? '[' : '{';
  for (const [key, member] of entries) {
    yield `${before}${key}`;
    yield* pieces(member, depth - 1);
    before = ',';
  }
  const opening = isList(value) ? '[' : '{';
  yield `${before === opening ? opening : ''}${isList(value) ? ']' : '}'}`;
}

/** The text of a JSON document, in pieces, and a line feed: together they may be longer than a string can be. */
export function* jsonPieces(document: unknown): Generator<string> {
  yield* pieces(document, DEPTH);
  yield '\n';
}

/** Characters per write: a system call for each piece would take longer than all the rest. */
const BATCH = 2 ** 16;

/** The same text in larger pieces. */
export function* inBatches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

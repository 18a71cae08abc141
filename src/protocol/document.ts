import type { z } from 'zod';
import { tooLarge } from './documentSize.ts';
import { inputFault } from './fault.ts';
import { FIRST_ONLY } from './longList.ts';
import { MOST_LEVELS, tooDeepAt } from './nesting.ts';

/** A JSON document of the run folder: its schema, and the message when it is missing or damaged. */
export interface DocumentKind<T> {
  readonly schema: z.ZodType<T>;
  /** The version that is written and read; older kinds without one leave it out. */
  readonly version?: number;
  /** Largest size that is read, in bytes: several times what the largest run needs. */
  readonly limit: number;
  readonly missing: { readonly what: string; readonly remedy: string };
  /** What the user can do about a damaged one. */
  readonly remedy: string;
}

/** `layers[0].name`: the location in a document, as a person would write it. */
const jsonPath = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const parse = (text: string, path: string, remedy: string): unknown => {
  const deep = tooDeepAt(text);
  if (deep !== null) {
    throw inputFault(`is nested more than ${MOST_LEVELS} levels deep (character ${deep + 1})`, path, remedy);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw inputFault(`is not valid JSON (${(error as Error).message})`, path, remedy, error);
  }
};

const versionOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { version?: unknown }).version : undefined;

/** `value` as a document of this kind; a newer version or the first field that does not fit is one located fault. */
const validate = <T>(kind: DocumentKind<T>, value: unknown, path: string): T => {
  const version = versionOf(value);
  if (kind.version !== undefined && typeof version === 'number' && version > kind.version) {
    throw inputFault(
      `has version ${version}, and this Pentimento reads up to ${kind.version}`,
      path,
      'Update Pentimento',
    );
  }
  const result = kind.schema.safeParse(value, FIRST_ONLY);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = jsonPath(issue.path);
  throw inputFault(issue.message, place === '' ? path : `${path}, ${place}`, kind.remedy);
};

/** The document in the text of the file at `path`, which only names it in messages. Throws a located input fault. */
export const parseDocument = <T>(kind: DocumentKind<T>, text: string, path: string): T => {
  if (text.length > kind.limit) throw tooLarge(text.length, kind.limit, path, kind.remedy);
  return validate(kind, parse(text, path, kind.remedy), path);
};

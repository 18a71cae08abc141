import * as z from 'zod';
import { readBounded, readFault, writeAtomically, writeNew } from '../disk/index.ts';
import { type DocumentKind, Fault, parseDocument } from '../protocol/index.ts';

/** Reads and validates a document; a missing, damaged or overlarge one is a located input fault. */
export const readDocument = async <T>(kind: DocumentKind<T>, path: string): Promise<T> => {
  const bound = { limit: kind.limit, place: path, remedy: kind.remedy };
  const text = await readBounded(path, bound).catch((error: unknown) => {
    if (error instanceof Fault) throw error;
    throw readFault(path, error, { missing: kind.missing, remedy: kind.remedy });
  });
  return parseDocument(kind, text, path);
};

const textOf = <T>(kind: DocumentKind<T>, path: string, value: T): string => {
  const result = kind.schema.safeParse(value);
  if (!result.success) throw new TypeError(`${path}: ${z.prettifyError(result.error)}`);
  return `${JSON.stringify(result.data, null, 2)}\n`;
};

/** Writes a document atomically. A document that does not match its schema (NaN, for example) is a bug of the caller. */
export const writeDocument = async <T>(kind: DocumentKind<T>, path: string, value: T): Promise<void> =>
  writeAtomically(path, textOf(kind, path, value));

/** Like `writeDocument`, but only if there is none yet: otherwise the cause of the fault has the code `EEXIST`. */
export const writeNewDocument = async <T>(kind: DocumentKind<T>, path: string, value: T): Promise<void> =>
  writeNew(path, textOf(kind, path, value));

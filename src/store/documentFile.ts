import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type DocumentKind, inputFault, parseDocument } from '../protocol/index.ts';
import { writeAtomically } from './writeAtomically.ts';

/** Reads and validates a document; a missing or damaged one is a located input fault. */
export const readDocument = async <T>(kind: DocumentKind<T>, path: string): Promise<T> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw inputFault(kind.missing.what, path, kind.missing.remedy, error);
    throw inputFault(`cannot be read (${error.code ?? error.message})`, path, kind.remedy, error);
  });
  return parseDocument(kind, text, path);
};

/** Writes a document atomically. One that its schema does not take (NaN, say) is a defect of the caller. */
export const writeDocument = async <T>(kind: DocumentKind<T>, path: string, value: T): Promise<void> => {
  const result = kind.schema.safeParse(value);
  if (!result.success) throw new TypeError(`${path}: ${z.prettifyError(result.error)}`);
  await writeAtomically(path, `${JSON.stringify(result.data, null, 2)}\n`);
};

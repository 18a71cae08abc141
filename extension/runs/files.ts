import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import {
  type Bound,
  isNotThere,
  leadsOut,
  readBounded,
  readFault,
  writeAtomically,
  writeFault,
} from '../../src/disk/index.ts';
import { Fault, inputFault, tooLarge } from '../../src/protocol/messages.ts';

export const at = (folder: Uri, path: string): Uri => Uri.joinPath(folder, path);

/** For files on other file systems, which VS Code reads as a whole. Throws like `readBounded`. */
export const readThroughVscode = async (file: Uri, { limit, place, remedy }: Bound): Promise<Uint8Array> => {
  const { type, size } = await workspace.fs.stat(file);
  if ((type & FileType.File) === 0) throw inputFault('is not a file', place, remedy);
  if (size > limit) throw tooLarge(size, limit, place, remedy);
  const bytes = await workspace.fs.readFile(file);
  if (bytes.length > limit) throw tooLarge(bytes.length, limit, place, remedy);
  return bytes;
};

const isGone = (error: unknown): boolean =>
  error instanceof FileSystemError ? error.code === 'FileNotFound' : isNotThere(error);

/**
 * `read`, with the file named as people know it. A missing file is the fault `missing`, or with null the result is
 * `undefined`; system errors become faults.
 */
export const reading = async <T>(
  file: Uri,
  missing: { readonly what: string; readonly remedy: string } | null,
  read: (place: string) => Promise<T>,
): Promise<T | undefined> => {
  const place = workspace.asRelativePath(file);
  try {
    return await read(place);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (isGone(error) && missing === null) return undefined;
    if (isGone(error) && missing !== null) throw inputFault(missing.what, place, missing.remedy, error);
    throw readFault(place, error, { remedy: 'Check the file' });
  }
};

/** The limits of a document, and the message if there is none. */
export interface TextKind {
  readonly limit: number;
  readonly missing: { readonly what: string; readonly remedy: string };
  readonly remedy: string;
}

/** The text of a document of a workspace. A fault if it is missing, too large, or not a file. */
export const readText = async (file: Uri, { limit, missing, remedy }: TextKind): Promise<string> => {
  const text = await reading(file, missing, async (place) => {
    const bound = { limit, place, remedy };
    if (file.scheme === 'file') return readBounded(file.fsPath, bound);
    return new TextDecoder().decode(await readThroughVscode(file, bound));
  });
  return text ?? '';
};

/** Names in a folder; empty if it does not exist. */
export const nameIn = async (folder: Uri): Promise<string[]> => {
  // Checked first, because VS Code logs a failed listing as an error.
  if (!(await exists(folder))) return [];
  try {
    return (await workspace.fs.readDirectory(folder)).map(([name]) => name);
  } catch {
    // It was deleted in between.
    return [];
  }
};

/**
 * Differs between two versions of a file, as far as date and size show; null if it does not exist. Of a local file it
 * does not ask VS Code, which takes 50 ms to answer while it opens a panel.
 */
export const stampOf = async (file: Uri): Promise<string | null> => {
  try {
    if (file.scheme === 'file') {
      const { mtimeNs, size, ino } = await stat(file.fsPath, { bigint: true });
      return `${mtimeNs} ${size} ${ino}`;
    }
    const { mtime, size } = await workspace.fs.stat(file);
    return `${mtime} ${size}`;
  } catch {
    return null;
  }
};

export const exists = async (file: Uri): Promise<boolean> => (await stampOf(file)) !== null;

/** Refuses to write if symbolic links lead a workspace path out of it: an opened folder may contain any. */
export const refuseLeadingOut = async (file: Uri): Promise<void> => {
  if (file.scheme !== 'file') return;
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const where = await leadsOut(
    folders.map(({ uri }) => uri.fsPath),
    file.fsPath,
  );
  if (where === null) return;
  throw inputFault(
    `is in the workspace by name, but symbolic links lead to ${where}`,
    workspace.asRelativePath(file),
    'Choose another place, or add that folder to the workspace',
  );
};

/** Other file systems are only accessible through VS Code: no exclusive creation, but an unpredictable name. */
const writeElsewhere = async (file: Uri, bytes: Uint8Array): Promise<void> => {
  const temporary = Uri.joinPath(file, '..', `.pentimento-${randomUUID()}.tmp`);
  try {
    await workspace.fs.writeFile(temporary, bytes);
    await workspace.fs.rename(temporary, file, { overwrite: true });
  } catch (error) {
    await workspace.fs.delete(temporary).then(undefined, () => {});
    throw writeFault(workspace.asRelativePath(file), error, bytes.length);
  }
};

/** Writes a file atomically: under another name first, then renamed, so that a half-written one is never visible. */
export const writeWhole = async (file: Uri, content: string | Uint8Array): Promise<void> => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  if (file.scheme !== 'file') return writeElsewhere(file, bytes);
  await refuseLeadingOut(file);
  await writeAtomically(file.fsPath, bytes);
};

import { constants as flags } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inputFault } from '../protocol/messages.ts';
import { codeOf, writeFault } from './systemErrors.ts';
import { temporaryPath } from './temporaries.ts';

/** What a file is made from; chunks are for files too large to hold. */
export type Contents = string | Uint8Array | AsyncIterable<Uint8Array>;

/** The only part that tests replace: how a temporary file is opened for writing. */
export type OpenFile = (path: string) => Promise<FileHandle>;
/** Exclusive: an existing file or link, wherever it points, is an error and never written to. */
const openNew: OpenFile = (path) => open(path, 'wx');

const isSystemError = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== undefined;

/** Makes a rename or a new entry survive a power loss. Windows cannot do this for folders. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
};

const writeAndSync = async (file: FileHandle, contents: Contents): Promise<void> => {
  try {
    if (typeof contents === 'string' || contents instanceof Uint8Array) await file.writeFile(contents);
    else for await (const chunk of contents) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
};

const lengthOf = (contents: Contents): number =>
  typeof contents === 'string' || contents instanceof Uint8Array ? contents.length : 0;

const writeThen = async (
  path: string,
  contents: Contents,
  openFile: OpenFile,
  place: (temporary: string) => Promise<void>,
): Promise<void> => {
  const temporary = temporaryPath(path);
  try {
    await writeAndSync(await openFile(temporary), contents);
    await place(temporary);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw isSystemError(error) ? writeFault(path, error, lengthOf(contents)) : error;
  }
};

/**
 * Writes a file so that its name always refers to a complete file, old or new, even if the process or the machine
 * stops: a new file of a random name in the same folder is written, flushed, renamed, and the folder flushed. A link at
 * `path` is replaced; its target is not written. On any error the new file is removed; a system error becomes a
 * one-line fault, any other (such as a stream's own) passes through.
 */
export const writeAtomically = (
  path: string,
  contents: Contents,
  openFile: OpenFile = openNew,
): Promise<void> => writeThen(path, contents, openFile, (temporary) => rename(temporary, path));

/** Error codes of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'];

/**
 * Moves a complete file to an unused name: if several try, one succeeds and the others get `EEXIST`. If the file system
 * has no hard links, the name is reserved first and the contents follow by a rename.
 */
export const placeNew = async (temporary: string, path: string): Promise<void> => {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    await (await open(path, 'wx')).close();
    return rename(temporary, path);
  }
  await unlink(temporary);
};

/** Like `writeAtomically`, but a fault if anything is at `path` already. */
export const writeNew = (path: string, contents: Contents): Promise<void> =>
  writeThen(path, contents, openNew, (temporary) => placeNew(temporary, path));

/** Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = flags;

/** Appends to a file, which is created if needed. Links are not followed, and pipes are not waited for. */
export const appendToFile = async (path: string, text: string): Promise<void> => {
  try {
    const mode = flags.O_WRONLY | flags.O_APPEND | flags.O_CREAT | O_NOFOLLOW | O_NONBLOCK;
    const file = await open(path, mode, 0o666);
    await file.writeFile(text).finally(() => file.close());
  } catch (error) {
    throw writeFault(path, error, text.length);
  }
};

/** Creates a folder and its parents; a one-line fault if that fails. Resolves to whether there was none. */
export const makeFolder = async (path: string): Promise<boolean> => {
  const made = await mkdir(path, { recursive: true }).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'EEXIST') throw inputFault('is a file, not a folder', path, 'Choose another folder', error);
    if (code === 'ENOTDIR')
      throw inputFault('is below a file, not a folder', path, 'Choose another folder', error);
    throw writeFault(path, error);
  });
  return made !== undefined;
};

/** Creates a folder inside one of ours. A link there is a fault, because it would redirect what is written. */
export const makeFolderInside = async (path: string): Promise<void> => {
  const there = await lstat(path).catch(() => null);
  if (there?.isSymbolicLink()) {
    throw inputFault(
      'is a symbolic link, and nothing is written through it',
      path,
      'Remove it; to keep runs on another disk, put the whole run folder there (--out)',
    );
  }
  await makeFolder(path);
};

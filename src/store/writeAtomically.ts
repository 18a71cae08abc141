import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Fault, inputFault, runFault } from '../protocol/index.ts';

/** What a file is made from; chunks are for files too large to hold. */
export type Contents = string | Uint8Array | AsyncIterable<Uint8Array>;

/** The one thing that a test replaces: how a temporary file is opened for writing. */
export type OpenFile = (path: string) => Promise<FileHandle>;
const openNew: OpenFile = (path) => open(path, 'wx');

/** The process id tells a file that a killed process left from one that a living process is writing. */
const TEMPORARY = /^\..+\.(\d+)-\d+\.tmp$/;
let written = 0;
const temporaryPath = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${++written}.tmp`);

const megabytes = (bytes: number): string => `${Math.max(1, Math.ceil(bytes / 2 ** 20))} MB`;

/** Every command writes files; only a training has something to resume. */
const AGAIN = 'run the command again (a training with --resume)';

/** Why a file could not be written, in one line. `bytes` is its size, as far as it is known. */
export const writeFault = (path: string, error: unknown, bytes = 0): Fault => {
  const { code, message } = error as NodeJS.ErrnoException;
  const free = `Free ${megabytes(bytes)} and ${AGAIN}`;
  switch (code) {
    case 'ENOSPC':
      return runFault('the disk is full', path, free, error);
    case 'EDQUOT':
      return runFault('the disk quota is used up', path, free, error);
    case 'EFBIG':
      return runFault(
        'the file is larger than the system allows',
        path,
        `Raise the limit and ${AGAIN}`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return inputFault('may not be written', path, "Check the folder's permissions", error);
    case 'EROFS':
      return inputFault('is on a read-only file system', path, 'Name a folder that can be written', error);
    case 'ENOENT':
    case 'ENOTDIR':
      return inputFault('is in a folder that does not exist', path, 'Create the folder first', error);
    case 'EISDIR':
      return inputFault('is a folder', path, 'Name a file', error);
    default:
      return runFault(`cannot be written (${code ?? message})`, path, `Check the disk and ${AGAIN}`, error);
  }
};

const isSystemError = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== undefined;

/** Makes a rename or a new entry survive a loss of power. Windows has no such call for folders. */
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

/**
 * Writes a file so that its name only ever leads to a complete one, old or new, whenever the process or the machine
 * stops: a temporary file in the same folder is written, flushed, renamed, and the folder flushed. On any error the
 * temporary file is removed; a system error becomes a one-line fault, any other passes through (a stream's own).
 */
export const writeAtomically = async (
  path: string,
  contents: Contents,
  openFile: OpenFile = openNew,
): Promise<void> => {
  const temporary = temporaryPath(path);
  try {
    await writeAndSync(await openFile(temporary), contents);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw isSystemError(error) ? writeFault(path, error, lengthOf(contents)) : error;
  }
};

/** Creates a folder and those above it, or says in one line why it cannot. */
export const makeFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw inputFault('is a file, not a folder', path, 'Name another folder', error);
    if (code === 'ENOTDIR')
      throw inputFault('lies below a file, not a folder', path, 'Name another folder', error);
    throw writeFault(path, error);
  });
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Removes what killed processes were writing in `folder`. */
export const removeStaleFiles = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await unlink(join(folder, name)).catch(() => {});
  }
};

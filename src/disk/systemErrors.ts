import { Fault, inputFault, runFault } from '../protocol/messages.ts';

/** What a system error means to the person who named the file, and what to do about it. */
interface Meaning {
  /** `input`: another path or other permissions help. `run`: the same request would succeed on a machine with room. */
  readonly kind: 'input' | 'run';
  readonly what: string;
  readonly remedy: string;
}

const input = (what: string, remedy: string): Meaning => ({ kind: 'input', what, remedy });
const run = (what: string, remedy: string): Meaning => ({ kind: 'run', what, remedy });

/** Errors with the same meaning for reading and writing. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['EMFILE', run('cannot be opened: too many files are open', 'Close some, or raise the limit (ulimit -n)')],
  [
    'ENFILE',
    run(
      'cannot be opened: too many files are open on this machine',
      'Close some programs, or raise the limit of the system (fs.file-max)',
    ),
  ],
  ['ENOMEM', run('cannot be opened: the memory is used up', 'Close other programs and run it again')],
  ['ENAMETOOLONG', input('has a name longer than the system allows', 'Use a shorter name or folder')],
  ['EIO', run('cannot be reached: the disk reports an error (EIO)', 'Check the disk and run it again')],
  ['ESTALE', run('was replaced on its server while it was open', 'Run it again')],
  ['ETIMEDOUT', run('cannot be reached: its server does not answer', 'Check the network and run it again')],
  ['EBUSY', run('is in use by another program', 'Close that program and run it again')],
  ['EISDIR', input('is a folder, not a file', 'Give the path of a file')],
  // Node's own, for a name with a zero byte.
  ['ERR_INVALID_ARG_VALUE', input('is not a valid file name', 'Check the path')],
]);

const NOT_THERE = input('there is no such file', 'Check the path');
const FORBIDDEN = input('cannot be read without permission', 'Check its permissions');

const READING: ReadonlyMap<string, Meaning> = new Map([
  ['ENOENT', NOT_THERE],
  ['ENOTDIR', NOT_THERE],
  ['EACCES', FORBIDDEN],
  ['EPERM', FORBIDDEN],
  ['ELOOP', input('is a loop of symbolic links', 'Give the path of the file itself')],
  ['ERR_FS_FILE_TOO_LARGE', input('is larger than can be read at once', 'Use a smaller file')],
  ['ERR_STRING_TOO_LONG', input('is larger than can be read at once', 'Use a smaller file')],
]);

const WRITING: ReadonlyMap<string, Meaning> = new Map([
  ['EACCES', input('cannot be written without permission', "Check the folder's permissions")],
  ['EPERM', input('cannot be written without permission', "Check the folder's permissions")],
  ['EROFS', input('is on a read-only file system', 'Choose a folder that can be written')],
  ['ENOENT', input('is in a folder that does not exist', 'Create the folder first')],
  ['ENOTDIR', input('is in a folder that does not exist', 'Create the folder first')],
  ['EISDIR', input('is a folder', 'Give the path of a file')],
  ['ELOOP', input('is a symbolic link, and nothing is written through it', 'Remove it')],
  ['EEXIST', input('already exists', 'Choose another file')],
]);

/** The code of a system error. VS Code wraps such errors and keeps the code only in the text: `EMFILE: too many …`. */
export const codeOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string' && /^E(?:RR_)?[A-Z0-9_]+$/.test(code)) return code;
  return (typeof message === 'string' && /\b(E[A-Z][A-Z0-9]+):/.exec(message)?.[1]) || '';
};

const faultFor = ({ kind, what, remedy }: Meaning, path: string, error: unknown): Fault =>
  (kind === 'input' ? inputFault : runFault)(what, path, remedy, error);

export const isNotThere = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** What callers know better: what a missing file should have been, and what to do about any other error. */
export interface Reading {
  readonly missing?: { readonly what: string; readonly remedy: string };
  readonly remedy?: string;
}

/** Why a file or folder could not be read, in one line. What is said already is not said again. */
export const readFault = (path: string, error: unknown, { missing, remedy }: Reading = {}): Fault => {
  if (error instanceof Fault) return error;
  if (missing !== undefined && isNotThere(error)) {
    return inputFault(missing.what, path, missing.remedy, error);
  }
  const code = codeOf(error);
  const meaning = READING.get(code) ?? MEANINGS.get(code);
  if (meaning !== undefined) return faultFor(meaning, path, error);
  const reason = code || (error as Error).message;
  return inputFault(`cannot be read (${reason})`, path, remedy ?? 'Check the path', error);
};

const megabytes = (bytes: number): string => `${Math.max(1, Math.ceil(bytes / 2 ** 20))} MB`;

/** Every command writes files; only a training can be resumed. */
const AGAIN = 'run the command again (a training with --resume)';

/** Why a file could not be written, in one line. `bytes` is its size, if known. */
export const writeFault = (path: string, error: unknown, bytes = 0): Fault => {
  const code = codeOf(error);
  const free = `Free ${megabytes(bytes)} and ${AGAIN}`;
  if (code === 'ENOSPC') return runFault('the disk is full', path, free, error);
  if (code === 'EDQUOT') return runFault('the disk quota is used up', path, free, error);
  if (code === 'EFBIG') {
    const raise = `Raise the limit and ${AGAIN}`;
    return runFault('the file is larger than the system allows', path, raise, error);
  }
  const meaning = WRITING.get(code) ?? MEANINGS.get(code);
  if (meaning !== undefined) return faultFor(meaning, path, error);
  const reason = code || (error as Error).message;
  return runFault(`cannot be written (${reason})`, path, `Check the disk and ${AGAIN}`, error);
};

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disposable, l10n, type Uri, workspace } from 'vscode';
import { makeFolder, writeAtomically } from '../../src/disk/index.ts';
import { inputFault } from '../../src/protocol/messages.ts';

/** VS Code reads files on other file systems only as a whole. */
const MAX_COPY = 256 * 1024 ** 2;

/** Characters that some systems do not allow in file names. `..` alone would be a folder; no checkpoint has that name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
const NOT_IN_NAMES = /[\\/:*?"<>|\u0000-\u001f]|^\.+$/g;

/** A window that ended without closing its pages leaves its copies behind; no copy is in use for this long. */
const OLD_MS = 7 * 24 * 3600_000;

const removeOld = async (copies: string): Promise<void> => {
  const now = Date.now();
  for (const name of await readdir(copies).catch(() => [])) {
    const folder = join(copies, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > OLD_MS) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
};

/** Synchronous, because nothing is awaited when a window closes. */
const removeNow = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
};

/** A file that the engine can read by ranges. */
export interface LocalFile extends Disposable {
  readonly path: string;
}

/**
 * The file itself if it is on this machine's disk; else a separate copy in `storage`, up to a size limit, which
 * `dispose` removes. Files beside it (shards, external data) are not copied.
 */
export const localFile = async (uri: Uri, storage: Uri): Promise<LocalFile> => {
  if (uri.scheme === 'file') return { path: uri.fsPath, dispose: () => {} };
  const { size } = await workspace.fs.stat(uri);
  if (size > MAX_COPY) {
    throw inputFault(
      l10n.t(
        'has {0} MB, and files of "{1}" can only be read as a whole',
        Math.ceil(size / 1024 ** 2),
        uri.scheme,
      ),
      workspace.asRelativePath(uri),
      l10n.t('Copy the file to a disk, or open one of at most {0} MB', MAX_COPY / 1024 ** 2),
    );
  }
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replaceAll(NOT_IN_NAMES, '_');
  const copies = join(storage.fsPath, 'copies');
  // One for each time the file is opened, because two pages or windows close at different times.
  const folder = join(copies, randomUUID());
  const path = join(folder, name);
  await removeOld(copies);
  await makeFolder(folder);
  await writeAtomically(path, await workspace.fs.readFile(uri));
  return { path, dispose: () => removeNow(folder) };
};

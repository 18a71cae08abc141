import { createHash } from 'node:crypto';
import { type Disposable, l10n, Uri, workspace } from 'vscode';
import { inputFault } from '../../src/protocol/messages.ts';

/** VS Code reads files of other file systems only as a whole. */
const MAX_COPY = 256 * 1024 ** 2;

/** A file that the engine can read by ranges. */
export interface LocalFile extends Disposable {
  readonly path: string;
}

/**
 * The file itself where it lies on this machine's disk; else a copy in `storage`, up to a cap, which goes with
 * `dispose`. Files beside it (shards, external data) are not copied.
 */
export const localFile = async (uri: Uri, storage: Uri): Promise<LocalFile> => {
  if (uri.scheme === 'file') return { path: uri.fsPath, dispose: () => {} };
  const { size } = await workspace.fs.stat(uri);
  if (size > MAX_COPY) {
    throw inputFault(
      l10n.t(
        'has {0} MB, and files of "{1}" can only be read whole',
        Math.ceil(size / 1024 ** 2),
        uri.scheme,
      ),
      workspace.asRelativePath(uri),
      l10n.t('Open one up to {0} MB there, or copy it to a disk', MAX_COPY / 1024 ** 2),
    );
  }
  const key = createHash('sha256').update(uri.toString()).digest('hex').slice(0, 16);
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const folder = Uri.joinPath(storage, 'copies', key);
  const copy = Uri.joinPath(folder, name);
  await workspace.fs.createDirectory(folder);
  await workspace.fs.writeFile(copy, await workspace.fs.readFile(uri));
  return {
    path: copy.fsPath,
    dispose: () => void workspace.fs.delete(folder, { recursive: true }).then(undefined, () => {}),
  };
};

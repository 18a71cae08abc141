import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { inputFault, shown } from '../protocol/index.ts';
import { fileSource, openFault } from './bytes/byteSource.ts';
import type { OpenSibling } from './checkpoint.ts';

/** Why a name in a file must not be opened, or null. A colon is part of a drive letter, a URL or an NTFS stream. */
const objection = (name: string): string | null => {
  if (name === '') return 'is empty';
  if (name.includes('\0')) return 'holds a NUL character';
  if (name.includes('\\')) return 'holds a backslash';
  if (name.includes(':')) return 'holds a colon, as a URL or a drive does';
  if (name.startsWith('/')) return 'is absolute';
  if (name.split('/').includes('..')) return "leaves the checkpoint's folder";
  return null;
};

const lies = (file: string, folder: string): boolean => {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`);
};

/**
 * Opens files beside the checkpoint at `path`: shards, external data. Names that could lead elsewhere (absolute
 * ones, `..`, URLs, backslashes) and links to outside the checkpoint's folder are refused; if the checkpoint
 * itself is a link, as in the Hugging Face cache, the files may also be beside its target.
 */
export const siblingsOf =
  (path: string): OpenSibling =>
  async (name) => {
    const problem = objection(name);
    const remedy = 'Keep the files of a checkpoint together in one folder, named relative to it';
    if (problem !== null) throw inputFault(`names the file ${shown(name)}, which ${problem}`, path, remedy);
    const named = join(dirname(path), name);
    const failed = (error: unknown): never => {
      throw openFault(named, error);
    };
    const [file, folder, checkpoint] = await Promise.all(
      [named, dirname(path), path].map((each) => realpath(each).catch(failed)),
    );
    if (!lies(file, folder) && !lies(file, dirname(checkpoint))) {
      throw inputFault(
        `names the file ${shown(name)}, a link to outside of the checkpoint's folder`,
        path,
        remedy,
      );
    }
    return { ...(await fileSource(file)), name: named };
  };

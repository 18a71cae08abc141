import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';

const isInside = (folder: string, path: string): boolean => {
  const steps = relative(folder, path);
  return steps !== '..' && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
};

/** The real path of a folder; the path itself for one that does not exist. */
const real = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

/**
 * Where the folder of `path` really is, when `path` is inside one of `folders` by name and symbolic links lead it out of
 * all of them; null otherwise. A link at `path` itself does not matter: writing replaces it.
 */
export const leadsOut = async (folders: readonly string[], path: string): Promise<string | null> => {
  if (!folders.some((folder) => isInside(folder, path))) return null;
  const parent = await real(dirname(path));
  const inside = await Promise.all(folders.map(async (folder) => isInside(await real(folder), parent)));
  return inside.some(Boolean) ? null : parent;
};

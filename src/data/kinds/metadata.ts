import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { codeOf } from '../../disk/index.ts';
import { inputFault } from '../../protocol/index.ts';
import { readInput, unreadable } from '../inputFile.ts';
import { parseCsv } from './csv.ts';

/** One image of a folder and what is known about it. */
export interface ImageRow {
  readonly path: string;
  readonly split: string;
  /** By column, in column order. */
  readonly attributes: ReadonlyMap<string, string>;
}

const IMAGE = /\.(png|jpe?g|webp|gif|tiff?|avif)$/i;
const REQUIRED = ['path', 'split'];

/** The path of an image below the folder; a path that leads out of it is refused. */
const insideFolder = (folder: string, path: string, where: string): string => {
  const full = resolve(folder, path);
  const steps = relative(folder, full);
  if (path !== '' && steps !== '' && !steps.startsWith('..') && !isAbsolute(path) && !isAbsolute(steps)) {
    return full;
  }
  throw inputFault(
    `names the path ${JSON.stringify(path)}, which is not inside ${folder}`,
    where,
    'Use paths relative to the image folder',
  );
};

const exists = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/** Rows of a metadata.csv with the columns path, split, and any further columns as attributes. */
const readMetadata = async (folder: string, file: string): Promise<ImageRow[]> => {
  const [header, ...rows] = parseCsv(new TextDecoder().decode(await readInput(file)), file);
  const columns = (header?.fields ?? []).map((column) => column.trim());
  const missing = REQUIRED.find((column) => !columns.includes(column));
  if (missing !== undefined) {
    throw inputFault(
      `has no column ${missing}; it has ${columns.join(', ') || 'none'}`,
      `${file}, line 1`,
      'Name the columns path, split, label and any attributes',
    );
  }
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw inputFault(`has the column ${twice} twice`, `${file}, line 1`, 'Rename one of them');
  }
  const pathAt = columns.indexOf('path');
  const splitAt = columns.indexOf('split');
  const result: ImageRow[] = [];
  for (const { line, fields } of rows) {
    const where = `${file}, line ${line}`;
    if (fields.length !== columns.length) {
      throw inputFault(
        `has ${fields.length} fields under ${columns.length} columns`,
        where,
        'Quote fields that hold commas',
      );
    }
    const path = insideFolder(folder, fields[pathAt], where);
    if (!(await exists(path))) {
      throw inputFault(
        `names ${JSON.stringify(fields[pathAt])}, which does not exist in ${folder}`,
        where,
        'Check the path',
      );
    }
    const attributes = new Map(
      columns.flatMap((column, at) => (REQUIRED.includes(column) ? [] : [[column, fields[at]]])),
    );
    result.push({ path, split: fields[splitAt], attributes });
  }
  return result;
};

const list = async (folder: string) => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR')
      throw inputFault('is not a folder', folder, 'Give the path of a folder', error);
    throw unreadable(error, folder);
  }
};

/** Rows of a folder with the layout split/class/image, with the class as the attribute `label`. */
const readClassFolders = async (folder: string): Promise<ImageRow[]> => {
  const rows: ImageRow[] = [];
  for (const split of await list(folder)) {
    if (!split.isDirectory()) continue;
    for (const label of await list(join(folder, split.name))) {
      if (!label.isDirectory()) continue;
      const classFolder = join(folder, split.name, label.name);
      const images = (await list(classFolder)).filter((entry) => entry.isFile() && IMAGE.test(entry.name));
      if (images.length === 0) {
        throw inputFault('holds no images', classFolder, 'Add images of this class, or remove the folder');
      }
      for (const { name } of images) {
        rows.push({
          path: join(classFolder, name),
          split: split.name,
          attributes: new Map([['label', label.name]]),
        });
      }
    }
  }
  return rows;
};

/** The rows of the metadata file if there is one, else of the class folders. */
export const readRows = async (folder: string, metadata: string | null): Promise<ImageRow[]> => {
  const usual = join(folder, 'metadata.csv');
  if (metadata !== null) return readMetadata(folder, metadata);
  return (await exists(usual)) ? readMetadata(folder, usual) : readClassFolders(folder);
};

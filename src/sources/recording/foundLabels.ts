import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { parseCsv, readInput } from '../../data/index.ts';
import type { LabelSpec } from '../../experiment/index.ts';
import { LABEL, roleOf } from './arrayRoles.ts';
import { isColumn } from './recordedColumns.ts';
import { RecordedFiles } from './recordedFiles.ts';

/** Labels that were found by name, and how many values each has. One called split is the split of each sample. */
export interface FoundLabel {
  readonly name: string;
  readonly spec: LabelSpec;
  /** Null where a file has only a part of the samples. */
  readonly values: number | null;
}

const ARRAYS = /\.(?:npy|npz|pt|pth|safetensors|arrow|parquet)$/i;
const HOLDS_ARRAYS = /\.(?:npz|pt|pth|bin|safetensors|h5|hdf5|arrow|parquet|mat)$/i;
const TABLES = /\.(?:csv|tsv)$/i;
const TEXT = /\.txt$/i;
/** Columns that name a sample or say where it is, and are no labels. */
const NAMES =
  /^(?:id|index|idx|name|file|file_?name|path|image|image_path|row_id|uid|sample|texts?|sentences?|prompts?|questions?|answers?|)$/i;
/** What splits are called, as a part of a name. */
const SPLIT_WORD = /(?<=^|[._/-])(?:train|training|valid|validation|val|dev|test)(?=$|[._/-])/;

/**
 * Labels beside a recording: arrays in its file with one value for each sample; files called labels or targets, alone or after the
 * same beginning; and tables with a column for each label.
 * @param baseDirectory where the inspection file is, which names files from there.
 */
export const foundLabels = async (files: RecordedFiles, baseDirectory: string): Promise<FoundLabel[]> => {
  const found = [...(await inTheFile(files)), ...(await besideIt(files, baseDirectory))];
  const names = new Set<string>();
  return found.filter(({ name }) => {
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
};

/** Arrays of the file, or of each file of a folder, with one value for each of its samples. */
const inTheFile = async (files: RecordedFiles): Promise<FoundLabel[]> => {
  const first = files.names.find((name) => HOLDS_ARRAYS.test(name) && !LABEL.test(name)) ?? files.names[0];
  if (first === undefined || (files.isFolder && !HOLDS_ARRAYS.test(first))) return [];
  const { tensors, format } = await files.open(first);
  const isTable = format === 'Arrow' || format === 'Parquet';
  return [...tensors.values()]
    .filter((entry) => roleOf(entry) === 'label' && isColumn(entry.shape) && !NAMES.test(entry.name))
    .filter(({ name, shape }) =>
      files.isFolder ? isTable || LABEL.test(name) : shape.some((extent) => extent > 1),
    )
    .map(({ name, shape }) => ({
      name: labelName(name),
      spec: { array: name },
      values: files.isFolder ? null : shape.reduce((product, extent) => product * extent, 1),
    }));
};

/** `labels/species` and `species_labels` are labels called species. */
const labelName = (name: string): string => {
  const words = name
    .split('/')
    .at(-1)!
    .split(/[._-]/)
    .filter((word) => word !== '' && !LABEL.test(word));
  return words.length === 0 ? 'label' : words.join('_');
};

const besideIt = async (files: RecordedFiles, baseDirectory: string): Promise<FoundLabel[]> => {
  const folder = files.isFolder ? files.path : dirname(files.path);
  const names = files.isFolder ? files.names : await readdir(folder).catch(() => []);
  const stem = files.isFolder ? '' : basename(files.path).replace(/\.\w+$/, '');
  const found: FoundLabel[] = [];
  const patterns = new Set<string>();
  for (const name of names) {
    if (!files.isFolder && name === basename(files.path)) continue;
    if (!isLabelFile(name, stem)) continue;
    const file = relative(baseDirectory, join(folder, name)).replaceAll('\\', '/');
    const isPart = files.isFolder && SPLIT_WORD.test(basename(name));
    if (!isPart) for (const label of await labelsOf(join(folder, name), file)) found.push(label);
    else if (!patterns.has(basename(name).replace(SPLIT_WORD, '{split}'))) {
      const pattern = basename(name).replace(SPLIT_WORD, '{split}');
      patterns.add(pattern);
      const spec = { file: file.slice(0, file.length - basename(name).length) + pattern };
      found.push({
        name: labelName(pattern.replace('{split}', '').replace(/\.\w+$/, '')),
        spec,
        values: null,
      });
    }
  }
  return found;
};

/** Whether a file has labels, by its name: it may begin as the recording does. */
const isLabelFile = (name: string, stem: string): boolean => {
  const own = basename(name).replace(/\.\w+$/, '');
  if (!ARRAYS.test(name) && !TABLES.test(name) && !TEXT.test(name)) return false;
  if (TABLES.test(name) && own === stem) return true;
  if (!LABEL.test(own)) return false;
  const [before] = own.split(LABEL);
  return stem === '' || before === '' || stem.startsWith(before);
};

const labelsOf = async (path: string, file: string): Promise<FoundLabel[]> => {
  const name = labelName(basename(path).replace(/\.\w+$/, ''));
  if (TABLES.test(path)) return columnsOf(path, file);
  if (TEXT.test(path)) {
    const text = new TextDecoder().decode(await readInput(path));
    return [{ name, spec: { file }, values: text.replace(/\r?\n$/, '').split('\n').length }];
  }
  const files = await RecordedFiles.of(path);
  try {
    const { tensors } = await files.open(files.names[0]);
    const columns = [...tensors.values()].filter(({ shape }) => isColumn(shape));
    return columns.map((entry) => ({
      name: columns.length === 1 ? name : labelName(entry.name),
      spec: columns.length === 1 ? { file } : { file, array: entry.name },
      values: entry.shape.reduce((product, extent) => product * extent, 1),
    }));
  } finally {
    await files.close();
  }
};

/** Whether a column of text has another value in each row: it names them. */
const tellsRowsApart = (rows: readonly { readonly fields: readonly string[] }[], at: number): boolean => {
  const values = rows.map(({ fields }) => (fields[at] ?? '').trim());
  return new Set(values).size === rows.length && values.some((value) => !Number.isFinite(Number(value)));
};

const columnsOf = async (path: string, file: string): Promise<FoundLabel[]> => {
  const [header, ...rows] = parseCsv(
    new TextDecoder().decode(await readInput(path)),
    path,
    /\.tsv$/i.test(path) ? '\t' : ',',
  );
  const columns = (header?.fields ?? []).map((name) => name.trim());
  const by = columns.find((name) => NAMES.test(name));
  return columns
    .filter((name, at) => !NAMES.test(name) && !tellsRowsApart(rows, at))
    .map((name) => ({
      name,
      spec: { file, column: name, ...(by === undefined ? {} : { by }) },
      values: rows.length,
    }));
};

import { basename, resolve } from 'node:path';
import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import { parseCsv, readInput } from '../../data/index.ts';
import type { LabelSpec } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { filesOf, type Layout } from './layout.ts';
import { filledIn, type NameParts } from './namePattern.ts';
import { isFloating, recordedArray } from './recordedArray.ts';
import { HOLDS_ARRAYS, RecordedFiles } from './recordedFiles.ts';

/** The values of a label for every sample, as they are stored. */
export type ColumnValues =
  | { readonly kind: 'numbers'; readonly isFloating: boolean; readonly values: ArrayLike<number> }
  | { readonly kind: 'texts'; readonly values: readonly string[] };

/** A label, a group, or the split of each sample. */
export interface RecordedColumn {
  /** File and array or column, for messages. */
  readonly where: string;
  read(): Promise<ColumnValues>;
}

/** A column from an array with one value for each sample. */
export const arrayColumn = (files: RecordedFiles, file: string, entry: TensorEntry): RecordedColumn => {
  const array = recordedArray(files.file(file), entry);
  return {
    where: array.where,
    read: async () => {
      const texts = await array.texts();
      if (texts !== null) return { kind: 'texts', values: texts };
      const { data } = await array.read();
      return { kind: 'numbers', isFloating: isFloating(array.dtype), values: data };
    },
  };
};

/** What a label is looked for in. */
export interface ColumnPlace {
  readonly files: RecordedFiles;
  readonly layout: Layout | null;
  readonly samples: number;
  readonly sampleNames: readonly string[] | null;
  /** Folder of the inspection file. */
  readonly baseDirectory: string;
}

/**
 * The column that an inspection file describes at `where`.
 * @throws Fault (input) for one that is not there or has another length.
 */
export const columnOf = async (
  spec: LabelSpec,
  place: ColumnPlace,
  where: string,
): Promise<RecordedColumn> => {
  const { file } = spec;
  if (file === undefined) return ownColumn(spec, place, where);
  if (!file.includes('{')) return fileColumn(resolve(place.baseDirectory, file), spec, place, where);
  const parts = await Promise.all(
    partsOfSamples(place).map((own) =>
      fileColumn(resolve(place.baseDirectory, filledIn(file, own)), spec, null, where),
    ),
  );
  return concatenated(parts);
};

/** What the names of the files say, in the order of their samples. */
const partsOfSamples = ({ files, layout }: ColumnPlace): NameParts[] => {
  if (layout === null) return [{}];
  const known = new Map<string, NameParts>();
  for (const { parts } of filesOf(files, layout)) {
    const { layer: _, ...rest } = parts;
    const key = JSON.stringify(Object.entries(rest).sort());
    if (!known.has(key)) known.set(key, rest);
  }
  return [...known.values()];
};

const concatenated = (columns: readonly RecordedColumn[]): RecordedColumn => ({
  where: columns[0].where,
  read: async () => {
    const read: ColumnValues[] = [];
    for (const column of columns) read.push(await column.read());
    if (read.every(({ kind }) => kind === 'texts')) {
      return { kind: 'texts', values: read.flatMap(({ values }) => values as readonly string[]) };
    }
    const odd = read.findIndex(({ kind }) => kind === 'texts');
    if (odd >= 0) {
      throw inputFault(
        'is text, beside numbers in other files',
        columns[odd].where,
        'Save labels alike in every file',
      );
    }
    const values = read.flatMap((part) => Array.from(part.values as ArrayLike<number>));
    return {
      kind: 'numbers',
      isFloating: read.some((part) => part.kind === 'numbers' && part.isFloating),
      values,
    };
  },
});

/** An array of the recording itself: of its one file, or of each of them. */
const ownColumn = async (spec: LabelSpec, place: ColumnPlace, where: string): Promise<RecordedColumn> => {
  const { files, layout } = place;
  const names = layout === null ? [files.names[0]] : filesOf(files, layout).map(({ name }) => name);
  const columns: RecordedColumn[] = [];
  // Every layer of a file each has the same labels: those of the first one count.
  const layerOf = layout === null ? () => undefined : firstLayerOnly(files, layout);
  for (const name of names) {
    if (layerOf(name) === false) continue;
    const checkpoint = await files.open(name);
    columns.push(arrayColumn(files, name, entryIn(checkpoint, spec, where)));
  }
  return concatenated(columns);
};

/** Says false for files of other layers than the first. */
const firstLayerOnly = (files: RecordedFiles, layout: Layout): ((name: string) => boolean) => {
  const named = filesOf(files, layout);
  const [{ parts: first }] = named;
  const own = new Set(named.filter(({ parts }) => parts.layer === first.layer).map(({ name }) => name));
  return (name) => own.has(name);
};

const entryIn = (checkpoint: Checkpoint, { array }: LabelSpec, where: string): TensorEntry => {
  const { path, tensors } = checkpoint;
  const candidates = [...tensors.values()].filter(({ shape }) => isColumn(shape));
  const entry = array === undefined ? candidates[0] : tensors.get(array);
  if (entry !== undefined && (array !== undefined || candidates.length === 1)) return entry;
  const known = candidates.slice(0, 10).map(({ name }) => name);
  throw inputFault(
    array === undefined
      ? `${shown(path)} has ${candidates.length} arrays with one axis`
      : `${shown(path)} has no array ${shown(array)}`,
    where,
    known.length === 0 ? 'Choose another file' : `Set "array" to one of ${known.join(', ')}`,
  );
};

/** One value for each sample: one axis, or others of extent 1. */
export const isColumn = (shape: readonly number[]): boolean =>
  shape.filter((extent) => extent !== 1).length <= 1 && shape.length <= 2;

/** Of a file with labels alone. Without a place, its length is not checked. */
const fileColumn = async (
  path: string,
  spec: LabelSpec,
  place: ColumnPlace | null,
  where: string,
): Promise<RecordedColumn> => {
  if (!HOLDS_ARRAYS.test(path)) return tableColumn(path, spec, place, where);
  const files = await RecordedFiles.of(path);
  try {
    const checkpoint = await files.open(files.names[0]);
    const column = arrayColumn(files, files.names[0], entryIn(checkpoint, spec, where));
    // Labels are small: they are read now, and their file is closed.
    const values = await column.read();
    return { where: column.where, read: async () => values };
  } finally {
    await files.close();
  }
};

/** Lines of a text file, or a column of a table. */
const tableColumn = async (
  path: string,
  spec: LabelSpec,
  place: ColumnPlace | null,
  where: string,
): Promise<RecordedColumn> => {
  const text = new TextDecoder().decode(await readInput(path));
  if (/\.txt$/i.test(path)) {
    const values = text.replace(/\r?\n$/, '').split(/\r?\n/);
    return { where: path, read: async () => ({ kind: 'texts', values }) };
  }
  const table = parseCsv(text, path, /\.tsv$/i.test(path) ? '\t' : ',');
  const [header, ...rows] = table;
  const columns = (header?.fields ?? []).map((name) => name.trim());
  const at = columnAt(columns, spec, path, where);
  const values = rows.map(({ fields }) => (fields[at] ?? '').trim());
  const column = `${path}, column ${shown(columns[at])}`;
  if (spec.by === undefined) return { where: column, read: async () => ({ kind: 'texts', values }) };
  const names = place?.sampleNames ?? null;
  if (names === null) {
    throw inputFault(
      'the samples of the recording have no names',
      `${where}/by`,
      'Leave "by" out: rows are then in order',
    );
  }
  const by = columns.indexOf(spec.by);
  if (by < 0)
    throw inputFault(
      `${shown(path)} has no column ${shown(spec.by)}`,
      `${where}/by`,
      `Choose from ${columns.join(', ')}`,
    );
  const valueByName = new Map(rows.map(({ fields }, row) => [fields[by]?.trim() ?? '', values[row]]));
  const inOrder = names.map((name) => {
    const value = valueByName.get(name) ?? valueByName.get(basename(name));
    if (value !== undefined) return value;
    throw inputFault(
      `has no row for the sample ${shown(name)}`,
      column,
      `Add it to the column ${shown(spec.by!)}`,
    );
  });
  return { where: column, read: async () => ({ kind: 'texts', values: inOrder }) };
};

const columnAt = (
  columns: readonly string[],
  { column, by }: LabelSpec,
  path: string,
  where: string,
): number => {
  const others = columns.filter((name) => name !== by);
  const at = columns.indexOf(column ?? others[0] ?? '');
  if (at >= 0 && (column !== undefined || others.length === 1)) return at;
  throw inputFault(
    column === undefined
      ? `${shown(path)} has ${others.length} columns`
      : `${shown(path)} has no column ${shown(column)}`,
    where,
    columns.length === 0
      ? 'Give a table with a line of names'
      : `Set "column" to one of ${others.join(', ')}`,
  );
};

import { parseCsv, readInput } from '../../data/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { arrayColumn, isColumn, type RecordedColumn } from '../recording/recordedColumns.ts';
import { RecordedFiles } from '../recording/recordedFiles.ts';

/** A table of which columns are read as text: one value for each row. */
export interface TextTable {
  readonly path: string;
  readonly rows: number;
  readonly names: readonly string[];
  /** @throws Fault (input) for a column of something else. */
  texts(name: string): Promise<readonly string[]>;
}

/**
 * A table by its ending: .csv, .tsv, .jsonl (an object with the same keys in each line), .parquet or .arrow.
 * @throws Fault (input) for a table without rows.
 */
export const readTextTable = async (path: string): Promise<TextTable> => {
  const table = /\.jsonl?$|\.ndjson$/i.test(path)
    ? await jsonLines(path)
    : /\.(?:csv|tsv|txt)$/i.test(path)
      ? await separated(path)
      : await columnar(path);
  if (table.rows > 0) return table;
  throw inputFault('has no rows', path, 'Give a table with a row for each text');
};

const decoded = async (path: string): Promise<string> => new TextDecoder().decode(await readInput(path));

const separated = async (path: string): Promise<TextTable> => {
  const [header, ...rows] = parseCsv(await decoded(path), path, /\.tsv$/i.test(path) ? '\t' : ',');
  const names = (header?.fields ?? []).map((name) => name.trim());
  return {
    path,
    rows: rows.length,
    names,
    texts: async (name) => rows.map(({ fields }) => fields[names.indexOf(name)] ?? ''),
  };
};

const jsonLines = async (path: string): Promise<TextTable> => {
  const lines = (await decoded(path)).split('\n').flatMap((text, at) => {
    const trimmed = text.trim();
    return trimmed === '' ? [] : [{ text: trimmed, at: at + 1 }];
  });
  const rows = lines.map(({ text, at }) => objectIn(text, `${path}, line ${at}`));
  const names = Object.keys(rows.at(0) ?? {});
  return {
    path,
    rows: rows.length,
    names,
    texts: async (name) =>
      rows.map((row, at) => {
        const value = row[name];
        if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
        throw inputFault(
          `has no text or number ${shown(name)}`,
          `${path}, line ${lines[at].at}`,
          'Give every line the same keys',
        );
      }),
  };
};

const objectIn = (text: string, where: string): Record<string, unknown> => {
  const remedy = 'Write a JSON object on every line';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputFault('is not valid JSON', where, remedy, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw inputFault('is not a JSON object', where, remedy);
};

/** Columns with one value in each row; those of lists are left out. */
const columnar = async (path: string): Promise<TextTable> => {
  const files = await RecordedFiles.of(path);
  try {
    const [file] = files.names;
    const { tensors } = await files.open(file);
    const columns = new Map<string, RecordedColumn>();
    for (const entry of tensors.values()) {
      if (isColumn(entry.shape)) columns.set(entry.name, arrayColumn(files, file, entry));
    }
    // Tables of text are small beside what a model makes of it: they are read now, and the file is closed.
    const read = new Map<string, readonly string[]>();
    for (const [name, column] of columns) read.set(name, Array.from((await column.read()).values, String));
    return {
      path,
      rows: [...read.values()].at(0)?.length ?? 0,
      names: [...read.keys()],
      texts: async (name) => read.get(name)!,
    };
  } finally {
    await files.close();
  }
};

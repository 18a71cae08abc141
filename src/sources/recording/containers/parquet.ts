import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import type { Checkpoint, ElementType } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { inputFault, libraryReason } from '../../../protocol/index.ts';
import { extentsOf, type TableColumn, tableContainer } from './table.ts';

/** A Parquet file: uncompressed, or with Snappy, gzip or Brotli. */
export const openParquet = async (path: string): Promise<Checkpoint> => {
  const { buffer, close } = await openBuffer(path);
  try {
    const metadata = await attempted(path, () => parquetMetadataAsync(buffer));
    const read = async (name: string, begin: number, end: number): Promise<unknown[]> => {
      const rows = await attempted(path, () =>
        parquetReadObjects({
          file: buffer,
          metadata,
          columns: [name],
          rowStart: begin,
          rowEnd: end,
          compressors: COMPRESSORS,
        }),
      );
      return rows.map((row) => row[name]);
    };
    const rows = rowsOf(metadata, buffer.byteLength, path);
    const columns: TableColumn[] = [];
    const { children } = await attempted(path, async () => parquetSchema(metadata));
    for (const child of children) columns.push(await columnOf(child, rows, read));
    return tableContainer({
      path,
      format: 'Parquet',
      rows,
      columns,
      metadata: metadataOf(metadata),
      read,
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
};

/** Rows that are alike take no bytes: a damaged count is one that is beyond both. */
const MOST_ROWS = 2 ** 24;
const MOST_ROWS_PER_BYTE = 64;

/** As the file says, and as its groups of rows have together. */
const rowsOf = (metadata: FileMetaData, size: number, path: string): number => {
  const rows = Number(metadata.num_rows);
  const grouped = (metadata.row_groups ?? []).reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows >= 0 && rows <= Math.max(MOST_ROWS, size * MOST_ROWS_PER_BYTE) && rows === grouped) return rows;
  throw inputFault(`says ${rows} rows, and has ${grouped} in its groups`, path, 'Save it again');
};

const openBuffer = async (path: string): Promise<{ buffer: AsyncBuffer; close: () => Promise<void> }> => {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      await file.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    };
    return { buffer: { byteLength: size, slice }, close: () => file.close() };
  } catch (error) {
    throw readFault(path, error);
  }
};

const attempted = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw inputFault(
      `cannot be read as Parquet (${libraryReason(error)})`,
      path,
      'Save it again, with Snappy compression',
      error,
    );
  }
};

const COMPRESSORS = {
  GZIP: (input: Uint8Array, length: number) => new Uint8Array(gunzipSync(input, { maxOutputLength: length })),
  BROTLI: (input: Uint8Array, length: number) =>
    new Uint8Array(brotliDecompressSync(input, { maxOutputLength: length })),
};

const columnOf = async (
  tree: SchemaTree,
  rows: number,
  read: (name: string, begin: number, end: number) => Promise<unknown[]>,
): Promise<TableColumn> => {
  const { name } = tree.element;
  const leaf = leafOf(tree);
  const isNested = leaf !== tree;
  const dtype = leaf === null ? null : elementOf(leaf);
  const type = leaf?.element.type ?? 'struct';
  if (dtype === null || (isNested && dtype === 'string')) return { name, dtype: null, type, shape: [] };
  const [first] = isNested && rows > 0 ? await read(name, 0, 1) : [];
  return { name, dtype, type, shape: extentsOf(first) };
};

/** What lists contain; null for a structure with several parts. */
const leafOf = (tree: SchemaTree): SchemaTree | null => {
  let leaf = tree;
  for (let depth = 0; depth < 20 && leaf.children.length > 0; depth++) {
    if (leaf.children.length > 1) return null;
    [leaf] = leaf.children;
  }
  return leaf;
};

const elementOf = ({ element }: SchemaTree): TableColumn['dtype'] => {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === 'BYTE_ARRAY')
    return converted === 'UTF8' || logical?.type === 'STRING' || converted === 'ENUM' ? 'string' : null;
  if (type === 'FLOAT') return 'float32';
  if (type === 'DOUBLE') return 'float64';
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'FIXED_LEN_BYTE_ARRAY') return logical?.type === 'FLOAT16' ? 'float16' : null;
  if (type !== 'INT32' && type !== 'INT64') return null;
  if (converted === 'INT_16') return 'int16';
  if (converted === 'UINT_16') return 'uint16';
  const isNumber = converted === undefined || /^U?INT_/.test(converted);
  return isNumber ? (type.toLowerCase() as ElementType) : null;
};

const metadataOf = ({ key_value_metadata: pairs = [] }: FileMetaData): Map<string, string> =>
  new Map(
    pairs.flatMap(({ key, value }) => (value === undefined || value.length > 10_000 ? [] : [[key, value]])),
  );

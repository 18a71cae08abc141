import { readFile, stat } from 'node:fs/promises';
import { type DataType, Type, tableFromIPC } from '@uwdata/flechette';
import type { Checkpoint, ElementType } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { Fault, formatCount, inputFault, libraryReason, shown } from '../../../protocol/index.ts';
import { checkVectors } from './arrowVectors.ts';
import { extentsOf, type TableColumn, tableContainer } from './table.ts';

/** Files are read at once: their record batches refer to each other's dictionaries. */
const MOST_BYTES = 2 ** 31 - 1;

/** An Arrow file or stream, such as one of a saved Hugging Face data set. */
export const openArrow = async (path: string): Promise<Checkpoint> => {
  const bytes = await contentsOf(path);
  return attempted(path, async () => {
    checkVectors(bytes);
    const table = tableFromIPC(bytes, { useBigInt: false });
    for (const [at, { name }] of table.schema.fields.entries()) {
      for (const batch of table.getChildAt(at).data) checkBatch(batch, 8 * bytes.length, name ?? '');
    }
    const columns = table.schema.fields.map(({ name, type }, at): TableColumn => {
      const leaf = leafOf(type);
      const isNested = leaf !== type;
      const first = isNested && table.numRows > 0 ? table.getChildAt(at).at(0) : null;
      return {
        name: name ?? '',
        dtype: isNested && elementOf(leaf) === 'string' ? null : elementOf(leaf),
        type: typeName(type),
        shape: extentsOf(first),
      };
    });
    return tableContainer({
      path,
      format: 'Arrow',
      rows: table.numRows,
      columns,
      metadata: new Map(),
      read: (name, begin, end) =>
        attempted(path, async () => {
          const column = table.getChildAt(columns.findIndex((own) => own.name === name));
          return Array.from({ length: end - begin }, (_, i) => column.at(begin + i));
        }),
      close: async () => {},
    });
  });
};

const contentsOf = async (path: string): Promise<Uint8Array> => {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) {
      throw inputFault(
        `has ${formatCount(size)} bytes, more than ${formatCount(MOST_BYTES)}`,
        path,
        'Save it in several files: dataset.save_to_disk(..., max_shard_size="500MB")',
      );
    }
    return await readFile(path);
  } catch (error) {
    throw readFault(path, error);
  }
};

const attempted = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw inputFault(
      `cannot be read as Arrow (${libraryReason(error)})`,
      path,
      'Save it again, without compression',
      error,
    );
  }
};

/** Lengths and offsets that lead out of the data would be allocated before they are read. A value takes a bit at least. */
const checkBatch = (batch: Batch, most: number, name: string): void => {
  const { length, offsets, sizes, children, stride } = batch;
  const refuse = () => new Error(`column ${shown(name)} has lists that its values do not have`);
  if (!(length >= 0 && length <= most)) throw refuse();
  for (const child of children ?? []) checkBatch(child, most, name);
  const inner = children?.[0]?.length;
  if (inner === undefined) return;
  if (stride !== undefined && !(stride >= 0 && stride * length <= inner)) throw refuse();
  for (let i = 0; offsets !== undefined && i < length; i++) {
    const begin = Number(offsets[i]);
    const end = sizes === undefined ? Number(offsets[i + 1]) : begin + Number(sizes[i]);
    if (!(begin >= 0 && begin <= end && end <= inner)) throw refuse();
  }
};

/** A part of a column: what of it says where its values are. */
interface Batch {
  readonly length: number;
  readonly offsets?: ArrayLike<number | bigint>;
  readonly sizes?: ArrayLike<number | bigint>;
  readonly children?: readonly Batch[];
  /** Of lists of fixed size. */
  readonly stride?: number;
}

/** What lists contain, however deep they are nested. */
const leafOf = (type: DataType): DataType => {
  let leaf = type;
  for (
    let depth = 0;
    depth < 8 && LISTS.has(leaf.typeId) && 'children' in leaf && leaf.children?.[0];
    depth++
  ) {
    leaf = leaf.children[0].type;
  }
  return leaf;
};

const LISTS: ReadonlySet<number> = new Set([
  Type.List,
  Type.LargeList,
  Type.FixedSizeList,
  Type.ListView,
  Type.LargeListView,
]);
const TEXTS: ReadonlySet<number> = new Set([Type.Utf8, Type.LargeUtf8, Type.Utf8View]);
const FLOATS: readonly ElementType[] = ['float16', 'float32', 'float64'];

const elementOf = (type: DataType): TableColumn['dtype'] => {
  if (TEXTS.has(type.typeId)) return 'string';
  if (type.typeId === Type.Bool) return 'bool';
  if (type.typeId === Type.Dictionary && 'dictionary' in type) return elementOf(type.dictionary);
  if (type.typeId === Type.Float && 'precision' in type) return FLOATS[type.precision as number];
  if (type.typeId !== Type.Int || !('bitWidth' in type)) return null;
  return `${'signed' in type && type.signed ? '' : 'u'}int${type.bitWidth}` as ElementType;
};

const typeName = ({ typeId }: DataType): string =>
  Object.entries(Type).find(([, id]) => id === typeId)?.[0] ?? `type ${typeId}`;

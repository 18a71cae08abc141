import { readFile, stat } from 'node:fs/promises';
import { type DataType, Type, tableFromIPC } from '@uwdata/flechette';
import type { Checkpoint, ElementType } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { formatCount, inputFault } from '../../../protocol/index.ts';
import { extentsOf, type TableColumn, tableContainer } from './table.ts';

/** Files are read at once: their record batches refer to each other's dictionaries. */
const MOST_BYTES = 2 ** 31 - 1;

/** An Arrow file or stream, such as one of a saved Hugging Face data set. */
export const openArrow = async (path: string): Promise<Checkpoint> => {
  const bytes = await contentsOf(path);
  const table = decoded(bytes, path);
  const columns = table.schema.fields.map(({ name, type }, at): TableColumn => {
    const leaf = leafOf(type);
    const isNested = leaf !== type;
    const first = isNested && table.numRows > 0 ? table.getChildAt(at).at(0) : null;
    return {
      name,
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
    read: async (name, begin, end) => {
      const column = table.getChild(name);
      return Array.from({ length: end - begin }, (_, i) => column.at(begin + i));
    },
    close: async () => {},
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

const decoded = (bytes: Uint8Array, path: string): ReturnType<typeof tableFromIPC> => {
  try {
    return tableFromIPC(bytes, { useBigInt: false });
  } catch (error) {
    throw inputFault(
      `cannot be read as Arrow (${(error as Error).message})`,
      path,
      'Save it again, without compression',
      error,
    );
  }
};

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

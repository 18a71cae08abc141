import type { CheckpointSummary, LayerSpectrum, WeightLayer } from '../../../src/protocol/messages.ts';
import type { LayerColumn } from './columns.ts';

/** The results for a layer. An estimate is kept beside the problem that prevented the exact values. */
export interface Measured {
  readonly spectrum: LayerSpectrum | null;
  readonly problem: string | null;
}

/** The results for a layer of the checkpoint at an index; null while there are none. */
export type MeasuredOf = (checkpoint: number, layer: string) => Measured | null;

/** A layer by its name, in each shown checkpoint; null in one that does not have it. */
export interface LayerRow {
  readonly name: string;
  readonly sides: readonly (WeightLayer | null)[];
}

/** The layer as the first checkpoint that has it describes it. */
export const layerOf = ({ sides }: LayerRow): WeightLayer =>
  sides.find((layer) => layer !== null) as WeightLayer;

/** One row for each name: those of the first checkpoint in the order of its file, then those that only the other has. */
export const layerRows = (summaries: readonly Pick<CheckpointSummary, 'layers'>[]): LayerRow[] => {
  const known = summaries.map(({ layers }) => new Map(layers.map((layer) => [layer.name, layer])));
  const names = new Set(known.flatMap((layers) => [...layers.keys()]));
  return [...names].map((name) => ({ name, sides: known.map((layers) => layers.get(name) ?? null) }));
};

export interface LayerOrder {
  readonly column: string;
  readonly descending: boolean;
}

export interface Arrangement {
  /** Null for the order of the file. */
  readonly order: LayerOrder | null;
  /** Whether the layers of repeated blocks are folded into one row. */
  readonly grouped: boolean;
  /** The folded blocks that are open. */
  readonly open: ReadonlySet<string>;
}

export type GridRow =
  | { readonly kind: 'layer'; readonly row: LayerRow; readonly inside: boolean }
  | {
      readonly kind: 'group';
      /** The blocks' path with the counter replaced: `encoder.layer.*`. */
      readonly pattern: string;
      readonly blocks: number;
      readonly rows: readonly LayerRow[];
      readonly open: boolean;
    };

/** Numbers inside names are compared as numbers: layer.2 comes before layer.10. */
const NAMES = new Intl.Collator('en', { numeric: true });

type Key = string | number;

const compareKeys = (a: Key, b: Key): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : NAMES.compare(String(a), String(b));

/** Rows in sorted order; those without a value are last in both directions, and equal ones keep the order of the file. */
export const sortRows = (
  rows: readonly LayerRow[],
  order: LayerOrder | null,
  columns: readonly LayerColumn[],
): readonly LayerRow[] => {
  const column = columns.find(({ id }) => id === order?.column);
  if (!order || !column) return rows;
  const keyed = rows.map((row) => {
    const { sort } = column.cell(row);
    return { row, key: typeof sort === 'number' && Number.isNaN(sort) ? null : sort };
  });
  const sign = order.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    return sign * compareKeys(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
};

/** Fewer layers than this are not folded: hiding two or three saves no room, and costs a click. */
const LEAST_FOLDED = 4;

/**
 * Layers by the pattern of their block, if more than one block has it and there are enough of them; each in the order
 * of `rows`.
 */
const foldable = (rows: readonly LayerRow[]): Map<string, { rows: LayerRow[]; blocks: Set<string> }> => {
  const groups = new Map<string, { rows: LayerRow[]; blocks: Set<string> }>();
  for (const row of rows) {
    const { repeated, block } = layerOf(row);
    if (repeated === null) continue;
    const group = groups.get(repeated) ?? { rows: [], blocks: new Set() };
    groups.set(repeated, group);
    group.rows.push(row);
    group.blocks.add(block);
  }
  for (const [pattern, group] of groups)
    if (group.blocks.size < 2 || group.rows.length < LEAST_FOLDED) groups.delete(pattern);
  return groups;
};

/** A folded block is at the position of its first layer. */
const foldRows = (rows: readonly LayerRow[], open: ReadonlySet<string>): GridRow[] => {
  const groups = foldable(rows);
  const placed = new Set<string>();
  return rows.flatMap((row): GridRow[] => {
    const pattern = layerOf(row).repeated ?? '';
    const group = groups.get(pattern);
    if (!group) return [{ kind: 'layer', row, inside: false }];
    if (placed.has(pattern)) return [];
    placed.add(pattern);
    const opened = open.has(pattern);
    const folded: GridRow = {
      kind: 'group',
      pattern,
      blocks: group.blocks.size,
      rows: group.rows,
      open: opened,
    };
    const inside = group.rows.map((one): GridRow => ({ kind: 'layer', row: one, inside: true }));
    return opened ? [folded, ...inside] : [folded];
  });
};

/** The rows of the table, for layers in the order of the file. */
export const arrangeRows = (
  rows: readonly LayerRow[],
  { order, grouped, open }: Arrangement,
  columns: readonly LayerColumn[],
): readonly GridRow[] => {
  const sorted = sortRows(rows, order, columns);
  if (grouped) return foldRows(sorted, open);
  return sorted.map((row): GridRow => ({ kind: 'layer', row, inside: false }));
};

/** Whether folding would change anything. */
export const hasRepeatedBlocks = (rows: readonly LayerRow[]): boolean => foldable(rows).size > 0;

/** The layers of a row of the table. */
export const layersOf = (row: GridRow): readonly LayerRow[] => (row.kind === 'layer' ? [row.row] : row.rows);

/** The order after a heading was pressed: numbers from the largest and names from A first, then the other way, then none. */
export const nextOrder = (
  order: LayerOrder | null,
  { id, align }: Pick<LayerColumn, 'id' | 'align'>,
): LayerOrder | null => {
  const descending = align === 'end';
  if (order?.column !== id) return { column: id, descending };
  return order.descending === descending ? { column: id, descending: !descending } : null;
};

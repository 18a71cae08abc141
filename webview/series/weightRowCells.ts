import * as l10n from '@vscode/l10n';
import { formatCount } from './format.ts';
import type { GridRow } from './weightArrange.ts';
import { type LayerCell, textCell } from './weightCell.ts';
import type { LayerColumn } from './weightColumn.ts';
import { groupCell } from './weightGroupCell.ts';
import { layerOf } from './weightRows.ts';

/** A cell over one column or, if neighbours failed for the same reason, over all of them. */
export interface PlacedCell {
  readonly column: number;
  readonly span: number;
  readonly cell: LayerCell;
}

export const cellOf = (row: GridRow, column: LayerColumn): LayerCell => {
  if (row.kind === 'layer') return column.cell(row.row);
  if (column.id !== 'name') return groupCell(column, row.rows);
  const layers =
    row.rows.length === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', formatCount(row.rows.length));
  return textCell(`${row.pattern} ×${row.blocks} (${layers})`);
};

/** The cells of a row from left to right; a reason is shown once, over all neighbouring cells to which it applies. */
export const placedCells = (row: GridRow, columns: readonly LayerColumn[]): PlacedCell[] => {
  const placed: PlacedCell[] = [];
  for (const [column, described] of columns.entries()) {
    const cell = cellOf(row, described);
    const before = placed.at(-1);
    const joins =
      before !== undefined &&
      cell.state === 'failed' &&
      before.cell.state === 'failed' &&
      before.cell.text === cell.text;
    if (joins) placed[placed.length - 1] = { ...before, span: before.span + 1 };
    else placed.push({ column, span: 1, cell });
  }
  return placed;
};

/** Inside an open block an ellipsis replaces the common prefix of all names. */
export const shortName = (row: GridRow, name: string): string => {
  if (row.kind !== 'layer' || !row.inside) return name;
  const [shared] = (layerOf(row.row).repeated ?? '').split('*');
  return shared !== '' && name.startsWith(shared) ? `…${name.slice(shared.length)}` : name;
};

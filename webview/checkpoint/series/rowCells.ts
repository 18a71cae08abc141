import * as l10n from '@vscode/l10n';
import { formatCount, formatScaled } from '../../series/format.ts';
import { type LayerCell, NO_CELL, textCell } from './cell.ts';
import type { LayerColumn } from './columns.ts';
import { type GridRow, type LayerRow, layerOf, layersOf } from './rows.ts';
import { formatMeasure, formatShare } from './words.ts';

const printOf = (column: LayerColumn): ((value: number) => string) =>
  column.id === 'nan' || column.id === 'zero' ? formatShare : (value) => formatMeasure(value, 3);

/** The range of the available values, with the number of layers without a value. */
const rangeCell = (column: LayerColumn, cells: readonly LayerCell[]): LayerCell => {
  const values = cells.flatMap(({ sort }) => (typeof sort === 'number' ? [sort] : []));
  const waiting = cells.filter(({ state }) => state === 'waiting').length;
  const text = waiting > 0 ? '…' : '';
  if (values.length === 0) return { ...NO_CELL, text: text === '' ? '–' : text };
  const print = printOf(column);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))].map(
    print,
  );
  const range = low === high ? low : `${low} – ${high}`;
  const counted = l10n.t(
    '{0} in {1} of {2} layers',
    range,
    formatCount(values.length),
    formatCount(cells.length),
  );
  const estimated = cells.some(({ state }) => state === 'estimate');
  return {
    text: `${estimated ? '≈ ' : ''}${range}${text}`,
    sort: null,
    detail: counted,
    state: estimated ? 'estimate' : 'value',
  };
};

/** What a column shows for all layers of a folded block together. */
export const groupCell = (column: LayerColumn, rows: readonly LayerRow[]): LayerCell => {
  const cells = rows.map((row) => column.cell(row));
  if (column.fold === 'range') return rangeCell(column, cells);
  if (column.fold === 'sum') {
    const sum = cells.reduce((total, { sort }) => total + Number(sort ?? 0), 0);
    return { ...textCell(formatScaled(sum), sum), detail: formatCount(sum) };
  }
  const texts = new Set(cells.map(({ text }) => text));
  if (texts.size === 1) return cells[0];
  return { ...NO_CELL, detail: l10n.t('{0} different ones', formatCount(texts.size)) };
};

/** A cell over one column or, if neighbours failed for the same reason, over all of them. */
export interface PlacedCell {
  readonly column: number;
  readonly span: number;
  readonly cell: LayerCell;
}

const cellOf = (row: GridRow, column: LayerColumn): LayerCell => {
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

/** Number of warnings that fit on one line. */
const MOST_WARNINGS = 3;

/** The full text of a heading. */
export const headingWords = ({ label, meaning }: LayerColumn): string => `${label}: ${meaning}`;

/** The full text of a cell; for a name, the warnings of the layer, or of the block's layers. */
export const cellWords = (
  row: GridRow,
  column: LayerColumn,
  warningsOf: (row: LayerRow) => readonly string[],
): string => {
  const name = row.kind === 'layer' ? row.row.name : row.pattern;
  if (column.id === 'name')
    return [name, ...layersOf(row).flatMap(warningsOf).slice(0, MOST_WARNINGS)].join(' · ');
  const { detail, text } = cellOf(row, column);
  return `${name} · ${column.label}: ${detail || text}. ${column.meaning}`;
};

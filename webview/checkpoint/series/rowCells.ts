import * as l10n from '@vscode/l10n';
import { formatCount } from '../../series/format.ts';
import { type LayerCell, NO_CELL, textCell } from './cell.ts';
import type { LayerColumn } from './columns.ts';
import { type GridRow, type LayerRow, layerOf, layersOf } from './rows.ts';
import { formatMeasure, formatScaled, formatShare } from './words.ts';

const printOf = (column: LayerColumn): ((value: number) => string) =>
  column.id === 'nan' || column.id === 'zero' ? formatShare : (value) => formatMeasure(value, 3);

/** From the least to the most of what is there; says how many layers have no value yet. */
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

/** A cell over one column or, where neighbours failed for the same reason, over all of them. */
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

/** The cells of a row from left to right; a reason stands once, over all cells side by side that it is the reason of. */
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

/** Inside an open block the beginning that all names share gives way to what tells them apart. */
export const shortName = (row: GridRow, name: string): string => {
  if (row.kind !== 'layer' || !row.inside) return name;
  const [shared] = (layerOf(row.row).repeated ?? '').split('*');
  return shared !== '' && name.startsWith(shared) ? `…${name.slice(shared.length)}` : name;
};

/** Warnings that one line has room for. */
const MOST_WARNINGS = 3;

/** What a heading says in full. */
export const headingWords = ({ label, meaning }: LayerColumn): string => `${label}: ${meaning}`;

/** What a cell says in full; that of a name says what to look at in the layer, or in those of the block. */
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

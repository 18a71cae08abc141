import * as l10n from '@vscode/l10n';
import { formatCount, formatScaled } from '../../series/format.ts';
import { type LayerCell, NO_CELL, textCell } from './cell.ts';
import type { LayerColumn } from './columns.ts';
import type { LayerWarning } from './health.ts';
import { type GridRow, type LayerRow, layersOf } from './rows.ts';
import { warningLine, worstFirst } from './warnings.ts';
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

/** The name of a row, which may be shown in a shorter form. */
const nameCell = (row: GridRow, column: LayerColumn): LayerCell => {
  const whole =
    row.kind === 'layer'
      ? row.row.name
      : l10n.t('{0} ×{1} ({2} layers)', row.pattern, formatCount(row.blocks), formatCount(row.rows.length));
  return { ...textCell(whole), text: column.shown?.(row) ?? whole };
};

const cellOf = (row: GridRow, column: LayerColumn): LayerCell => {
  if (column.id === 'name') return nameCell(row, column);
  return row.kind === 'layer' ? column.cell(row.row) : groupCell(column, row.rows);
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

/** Number of warnings that fit on one line. */
const MOST_WARNINGS = 3;

/** The worst warnings of a layer, or of a block's layers: as many as fit. */
export const firstWarnings = (
  row: GridRow,
  warningsOf: (row: LayerRow) => readonly LayerWarning[],
): LayerWarning[] => worstFirst(layersOf(row).flatMap(warningsOf)).slice(0, MOST_WARNINGS);

/** The full text of a heading. */
export const headingWords = ({ label, meaning }: LayerColumn): string => `${label}: ${meaning}`;

/** The full text of a cell; for a name, the warnings of the layer, or of the block's layers. */
export const cellWords = (
  row: GridRow,
  column: LayerColumn,
  warningsOf: (row: LayerRow) => readonly LayerWarning[],
): string => {
  const name = row.kind === 'layer' ? row.row.name : row.pattern;
  if (column.id === 'name') return [name, ...firstWarnings(row, warningsOf).map(warningLine)].join(' · ');
  const { detail, text } = cellOf(row, column);
  return `${name} · ${column.label}: ${detail || text}. ${column.meaning}`;
};

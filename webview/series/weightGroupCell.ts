import * as l10n from '@vscode/l10n';
import { formatCount } from './format.ts';
import { type LayerCell, NO_CELL, textCell } from './weightCell.ts';
import type { LayerColumn } from './weightColumn.ts';
import type { LayerRow } from './weightRows.ts';
import { formatMeasure, formatScaled, formatShare } from './weightWords.ts';

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

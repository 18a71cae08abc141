import * as l10n from '@vscode/l10n';
import { element, fill } from '../figures/element.ts';
import { shorten } from '../series/format.ts';
import type { GridRow } from '../series/weightArrange.ts';
import type { LayerCell } from '../series/weightCell.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { type PlacedCell, shortName } from '../series/weightRowCells.ts';
import type { LayerRow } from '../series/weightRows.ts';
import { sparkline } from './sparkline.ts';

/** Characters of a name in its column; the whole name is in its tooltip and below the table. */
const NAME_LIMIT = 48;
/** Number of warnings that fit in a tooltip. */
const MOST_WARNINGS = 3;

/** The accessible label of the warning sign. */
const warningWords = (warnings: readonly string[]): string =>
  l10n.t('Warning: {0}', warnings.slice(0, MOST_WARNINGS).join(', '));

const nameContent = (row: GridRow, warnings: readonly string[], cell: LayerCell): (Node | string)[] => {
  const mark =
    warnings.length === 0
      ? []
      : [element('span', { class: 'warning', role: 'img', 'aria-label': warningWords(warnings) }, '⚠')];
  if (row.kind === 'layer') return [...mark, shorten(shortName(row, cell.text), NAME_LIMIT)];
  return [element('span', { 'aria-hidden': 'true' }, row.open ? '▾ ' : '▸ '), ...mark, cell.text];
};

/** One cell, with its full text as its tooltip. */
export const cellElement = (
  row: GridRow,
  columns: readonly LayerColumn[],
  { column, span, cell }: PlacedCell,
  id: string,
  warningsOf: (row: LayerRow) => readonly string[],
): HTMLElement => {
  const described = columns[column];
  const isName = described.id === 'name';
  const node = element('div', {
    id,
    role: isName ? 'rowheader' : 'gridcell',
    class: `cell ${described.align} ${cell.state}${isName ? ' name' : ''}`,
    'aria-colindex': String(column + 1),
  });
  node.dataset.column = String(column);
  if (span > 1) {
    node.setAttribute('aria-colspan', String(span));
    node.style.gridColumn = `span ${span}`;
    node.classList.replace('end', 'start');
  }
  const warnings = isName ? (row.kind === 'layer' ? [row.row] : row.rows).flatMap(warningsOf) : [];
  if (isName) {
    fill(node, nameContent(row, warnings, cell));
    if (row.kind === 'group') node.setAttribute('aria-expanded', String(row.open));
  } else if (
    described.spark &&
    (cell.state === 'value' || cell.state === 'estimate') &&
    row.kind === 'layer'
  ) {
    node.append(sparkline(described.spark(row.row)));
    node.setAttribute('aria-label', cell.detail);
  } else if (cell.state === 'failed' && span === 1) {
    // A reason does not fit in one column: it is in the tooltip and the line below the table.
    node.textContent = '–';
    node.setAttribute('aria-label', cell.text);
  } else node.textContent = cell.text;
  const about = [cell.detail, ...warnings.slice(0, MOST_WARNINGS)].filter((part) => part !== '');
  if (about.length > 0) node.title = about.join('\n');
  return node;
};

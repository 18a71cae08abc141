import { line, select } from 'd3';
import type { Severity } from '../../../src/protocol/messages.ts';
import { element, fill } from '../../figures/element.ts';
import { PAIR_STYLE } from '../../figures/pairStyle.ts';
import type { LayerCell } from '../series/cell.ts';
import type { LayerColumn } from '../series/columns.ts';
import type { LayerWarning } from '../series/health.ts';
import { firstWarnings, type PlacedCell, placedCells } from '../series/rowCells.ts';
import type { GridRow, LayerOrder, LayerRow } from '../series/rows.ts';
import { SEVERITY_SIGNS, warningLine } from '../series/warnings.ts';

const [WIDTH, HEIGHT, PAD] = [86, 18, 2];
/** Share of the largest value at the bottom. */
const FLOOR = 1e-3;

/** Singular values as a line of a few px: each relative to its largest, on a logarithmic axis. */
const sparkline = (spectra: readonly (readonly number[])[]): SVGSVGElement => {
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.attr('class', 'spark').attr('width', WIDTH).attr('height', HEIGHT).attr('aria-hidden', 'true');
  spectra.forEach((values, place) => {
    const largest = values[0] ?? 0;
    if (!(largest > 0)) return;
    const { colour, dash } = PAIR_STYLE[place];
    const count = Math.min(values.length, WIDTH);
    const points = Array.from({ length: count }, (_, index): [number, number] => {
      const at = count === 1 ? 0 : Math.round((index * (values.length - 1)) / (count - 1));
      const depth = Math.log(Math.max(FLOOR, values[at] / largest)) / Math.log(FLOOR);
      const x = count === 1 ? PAD : PAD + (index * (WIDTH - 2 * PAD)) / (count - 1);
      return [x, PAD + depth * (HEIGHT - 2 * PAD)];
    });
    svg
      .append('path')
      .attr('class', 'line')
      .attr('d', line().digits(1)(points))
      .attr('stroke-dasharray', place === 0 ? null : dash)
      .style('stroke', colour);
  });
  return svg.node() as SVGSVGElement;
};

/** The sign of a severity, beside words that name it. */
export const severitySign = (severity: Severity): HTMLElement =>
  element('span', { class: `severity ${severity}`, 'aria-hidden': 'true' }, SEVERITY_SIGNS[severity]);

/** The sign of the worst warning, with all of them as its label. */
const warningMark = (warnings: readonly LayerWarning[]): HTMLElement[] => {
  if (warnings.length === 0) return [];
  const sign = severitySign(warnings[0].severity);
  sign.removeAttribute('aria-hidden');
  sign.setAttribute('role', 'img');
  sign.setAttribute('aria-label', warnings.map(warningLine).join(', '));
  return [sign];
};

/** The whole name is in the tooltip, and below the table. */
const nameContent = (row: GridRow, warnings: readonly LayerWarning[], cell: LayerCell): (Node | string)[] => {
  const arrow =
    row.kind === 'layer' ? [] : [element('span', { 'aria-hidden': 'true' }, row.open ? '▾ ' : '▸ ')];
  return [...arrow, ...warningMark(warnings), cell.text];
};

/** One cell, with its full text as its tooltip. */
const cellElement = (
  row: GridRow,
  columns: readonly LayerColumn[],
  { column, span, cell }: PlacedCell,
  id: string,
  warningsOf: (row: LayerRow) => readonly LayerWarning[],
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
  const warnings = isName ? firstWarnings(row, warningsOf) : [];
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
  const about = [cell.detail, ...warnings.map(warningLine)].filter((part) => part !== '');
  if (about.length > 0) node.title = about.join('\n');
  return node;
};

/** The heading of a column, with the direction in which the table is sorted by it. */
export const headingCell = (column: LayerColumn, index: number, order: LayerOrder | null): HTMLElement => {
  const cell = element(
    'div',
    {
      id: `heading-${index}`,
      role: 'columnheader',
      class: `cell ${column.align}${column.id === 'name' ? ' name' : ''}`,
      'aria-colindex': String(index + 1),
      title: column.meaning,
    },
    // The heading is shortened where it does not fit, the arrow beside it is not.
    element('span', { class: 'heading' }, column.label),
  );
  cell.dataset.column = String(index);
  if (column.spark) return cell;
  cell.classList.add('sortable');
  const sorted = order?.column === column.id;
  cell.setAttribute('aria-sort', !sorted ? 'none' : order.descending ? 'descending' : 'ascending');
  const arrow = sorted ? (order.descending ? '▼' : '▲') : '';
  if (sorted) cell.append(element('span', { class: 'arrow', 'aria-hidden': 'true' }, arrow));
  return cell;
};

/** One row with its cells, `top` px below the heading. */
export const rowElement = (
  row: GridRow,
  index: number,
  top: number,
  columns: readonly LayerColumn[],
  warningsOf: (row: LayerRow) => readonly LayerWarning[],
): HTMLElement => {
  // Row 1 is the heading.
  const node = element('div', { role: 'row', class: `row ${row.kind}`, 'aria-rowindex': String(index + 2) });
  if (row.kind === 'layer' && row.inside) node.classList.add('inside');
  node.dataset.row = String(index);
  node.style.transform = `translateY(${top}px)`;
  for (const placed of placedCells(row, columns))
    node.append(cellElement(row, columns, placed, `cell-${index}-${placed.column}`, warningsOf));
  return node;
};

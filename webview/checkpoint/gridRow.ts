import { element } from '../figures/element.ts';
import type { GridRow } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { placedCells } from '../series/weightRowCells.ts';
import type { LayerRow } from '../series/weightRows.ts';
import { cellElement } from './gridCells.ts';

/** One row with its cells, `top` px below the heading. */
export const rowElement = (
  row: GridRow,
  index: number,
  top: number,
  columns: readonly LayerColumn[],
  warningsOf: (row: LayerRow) => readonly string[],
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

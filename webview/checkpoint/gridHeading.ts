import { element } from '../figures/element.ts';
import type { LayerOrder } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';

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
    column.label,
  );
  cell.dataset.column = String(index);
  if (column.spark) return cell;
  cell.classList.add('sortable');
  const sorted = order?.column === column.id;
  cell.setAttribute('aria-sort', !sorted ? 'none' : order.descending ? 'descending' : 'ascending');
  if (sorted) cell.append(element('span', { 'aria-hidden': 'true' }, order.descending ? ' ▼' : ' ▲'));
  return cell;
};

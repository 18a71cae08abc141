import { type GridRow, layersOf } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { cellOf } from '../series/weightRowCells.ts';
import type { LayerRow } from '../series/weightRows.ts';

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

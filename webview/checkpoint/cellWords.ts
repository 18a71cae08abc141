import { type GridRow, layersOf } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { cellOf } from '../series/weightRowCells.ts';
import type { LayerRow } from '../series/weightRows.ts';

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

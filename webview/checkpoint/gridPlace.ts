import type { GridRow } from '../series/weightArrange.ts';

/** A cell of the grid, such as the active one: row -1 is the heading. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

const keyOf = (row: GridRow): string =>
  row.kind === 'layer' ? `layer ${row.row.name}` : `group ${row.pattern}`;

/**
 * The new place after the rows and the number of columns change: it follows its row, or stays as near as possible if
 * that is gone; and the number of rows it moved.
 */
export const placeAmong = (
  place: GridPlace,
  before: readonly GridRow[],
  after: readonly GridRow[],
  columns: number,
): { readonly place: GridPlace; readonly moved: number } => {
  const column = Math.min(place.column, columns - 1);
  const row = before[place.row];
  const found = row ? after.findIndex((one) => keyOf(one) === keyOf(row)) : -1;
  if (found >= 0) return { place: { row: found, column }, moved: found - place.row };
  return { place: { row: Math.min(place.row, after.length - 1), column }, moved: 0 };
};

import type { GridRow } from './rows.ts';

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

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Number of visible rows. */
  readonly page: number;
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * The new active cell after a key, stopping at the ends; null for a key that does not move it. With Control, Home and
 * End also go to the first and last row.
 */
export const moveInGrid = (
  key: string,
  control: boolean,
  { row, column }: GridPlace,
  { rows, columns, page }: GridSize,
): GridPlace | null => {
  const at = (nextRow: number, nextColumn: number): GridPlace => ({
    row: clamp(nextRow, -1, rows - 1),
    column: clamp(nextColumn, 0, columns - 1),
  });
  const [first, last] = [0, columns - 1];
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'PageUp':
      return at(Math.max(Math.min(row, 0), row - page), column);
    case 'PageDown':
      return at(row + page, column);
    case 'Home':
      return control ? at(Math.min(0, rows - 1), first) : at(row, first);
    case 'End':
      return control ? at(rows - 1, last) : at(row, last);
    default:
      return null;
  }
};

/** A visible range, in px. */
export interface Span {
  readonly from: number;
  readonly length: number;
}

/** Where a view has to begin to show `part` completely with the least movement. */
export const revealing = (view: Span, part: Span): number => {
  if (part.from < view.from) return part.from;
  return Math.max(view.from, part.from + part.length - view.length);
};

/** The range of the column at `index` among the scrolled ones: all but the first. */
export const columnSpan = (widths: readonly number[], index: number): Span => ({
  from: widths.slice(1, index).reduce((sum, width) => sum + width, 0),
  length: widths[index],
});

/** First visible row and the one after the last, for rows of one height, plus `more` rows on either side. */
export const rowsInView = (
  { from, length }: Span,
  rowHeight: number,
  rows: number,
  more: number,
): readonly [from: number, to: number] => {
  const within = (row: number): number => Math.max(0, Math.min(rows, row));
  return [within(Math.floor(from / rowHeight) - more), within(Math.ceil((from + length) / rowHeight) + more)];
};

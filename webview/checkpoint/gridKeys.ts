import type { GridPlace } from './gridPlace.ts';

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

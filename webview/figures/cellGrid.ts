/** Rows and columns of equal cells; all lengths in px. */
export interface CellGrid {
  readonly rows: number;
  readonly columns: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
  /** Between neighbours; 0 if cells are small. */
  readonly gap: number;
}

export interface CellIndex {
  readonly row: number;
  readonly column: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const gapOf = (step: number): number => {
  if (step >= 24) return 2;
  return step >= 8 ? 1 : 0;
};

export const cellGrid = (rows: number, columns: number, stepX: number, stepY: number): CellGrid => ({
  rows,
  columns,
  stepX,
  stepY,
  width: columns * stepX,
  height: rows * stepY,
  gap: gapOf(Math.min(stepX, stepY)),
});

/** Height of a row: 30 px for few rows, less so that many fit in 800 px, never under 3 px. */
export const rowStep = (rows: number): number => Math.max(3, Math.min(30, Math.floor(800 / rows)));

/** The cell at a point of the grid, null outside. A gap belongs to the cell before it. */
export const cellAt = (grid: CellGrid, x: number, y: number): CellIndex | null => {
  const [row, column] = [Math.floor(y / grid.stepY), Math.floor(x / grid.stepX)];
  const inside = row >= 0 && row < grid.rows && column >= 0 && column < grid.columns;
  return inside ? { row, column } : null;
};

const snap = (px: number, scale: number): number => Math.round(px * scale) / scale;

/** A cell without its gap, with edges on whole pixels of a screen with `scale` pixels per px, so that neighbours meet. */
export const cellBox = (grid: CellGrid, row: number, column: number, scale: number): Box => {
  const x = snap(column * grid.stepX, scale);
  const y = snap(row * grid.stepY, scale);
  const least = 1 / scale;
  return {
    x,
    y,
    width: Math.max(least, snap((column + 1) * grid.stepX, scale) - x - grid.gap),
    height: Math.max(least, snap((row + 1) * grid.stepY, scale) - y - grid.gap),
  };
};

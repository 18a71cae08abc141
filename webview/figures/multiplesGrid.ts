import { MANY_LAYERS } from '../series/spectra.ts';
import type { SpectrumView } from '../series/spectrumView.ts';
import { createPanel, type Panel } from './spectrumScales.ts';

/** Panels in rows and columns; all lengths in px. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly left: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly height: number;
  /** Axes of a cell, from the corner of the cell. */
  readonly inset: { readonly left: number; readonly top: number };
  readonly panel: Panel;
  readonly compact: boolean;
}

/** A cell for each spectrum on a page of `width` px. */
export const gridOf = (view: SpectrumView, width: number): Grid => {
  const count = view.series.length;
  const compact = count > MANY_LAYERS;
  const left = compact ? 52 : 0;
  const columns = Math.max(1, Math.floor((width - left) / (compact ? 104 : 230)));
  const rows = Math.ceil(count / columns);
  const cellWidth = (width - left) / columns;
  const cellHeight = compact ? 84 : 190;
  const panel = compact
    ? createPanel(view, cellWidth - 14, cellHeight - 26, 3)
    : createPanel(view, cellWidth - 74, cellHeight - 84, 4);
  const height = rows * cellHeight + (compact ? 50 : 0);
  const inset = compact ? { left: 4, top: 20 } : { left: 58, top: 44 };
  return { columns, rows, left, cellWidth, cellHeight, height, inset, panel, compact };
};

/** The upper left corner of a cell. */
export const cornerOf = (grid: Grid, index: number): [number, number] => [
  grid.left + (index % grid.columns) * grid.cellWidth,
  grid.compact
    ? 16 + Math.floor(index / grid.columns) * grid.cellHeight
    : Math.floor(index / grid.columns) * grid.cellHeight,
];

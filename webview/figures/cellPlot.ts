import type { Selection } from 'd3';
import type { LayerLabel } from '../../src/protocol/messages.ts';
import { textWidth } from '../series/format.ts';
import { namesBelow, namesBeside } from '../series/nameLayout.ts';
import { drawNames, FONT_SIZE } from './axis.ts';
import type { Paint } from './canvasLayer.ts';
import { type Box, type CellGrid, type CellIndex, cellAt, cellBox } from './cellGrid.ts';
import { drawColourBar } from './colourBar.ts';
import { drawFocusMark } from './focusMark.ts';
import type { Frame, Group } from './frame.ts';
import { inkOn } from './palette.ts';

export interface CellPlotOptions {
  /** Description of the picture for screen readers. */
  readonly summary: string;
  readonly rows: readonly LayerLabel[];
  readonly columns: readonly LayerLabel[];
  readonly grid: CellGrid;
  readonly paint: Paint;
  /** A click on the name of a row. */
  readonly onRow: (row: number) => void;
  readonly bar: {
    readonly colour: (fraction: number) => string;
    readonly ends: readonly [string, string];
    readonly quantity: string;
  };
}

/** Marked cell; -1 for none. */
export interface CellMark {
  readonly row: number;
  readonly column: number;
  /** A column to outline completely, like the row. */
  readonly across?: number;
}

export interface CellPlot {
  /** A layer over the cells for drawings with few parts, with its origin at the first cell. */
  readonly overlay: Group;
  /** The cell at a point of the figure. */
  at(x: number, y: number): CellIndex | null;
  /** Moves the marks without redrawing anything else. */
  mark(mark: CellMark): void;
  /** Scrolls the marked cell, or row, into view; returns its centre in px of the figure. */
  reveal(mark: CellMark): readonly [number, number];
}

const TOP = 6;
/** Height for the colour bar, its ends and its quantity. */
const BAR_ROOM = 54;

/** A number in the middle of a cell, in the ink that is legible on its colour. */
export const drawCellNumber = (
  group: Group,
  box: Box,
  number: string,
  colour: string,
): Selection<SVGTextElement, unknown, null, undefined> =>
  group
    .append('text')
    .attr('class', 'value')
    .attr('x', box.x + box.width / 2)
    .attr('y', box.y + box.height / 2)
    .attr('dy', '0.32em')
    .attr('text-anchor', 'middle')
    .attr('fill', inkOn(colour))
    .text(number);

/** Width for the cells of a plot `width` px wide with these rows, in px. */
export const cellsWidth = (width: number, rows: readonly LayerLabel[]): number =>
  width - namesBeside(rows, width).overhang - 8;

const middles = (count: number, step: number, gap: number): number[] =>
  Array.from({ length: count }, (_, index) => (index + 0.5) * step - gap / 2);

/** Rows by columns of coloured cells on a canvas, with names, a colour bar, and marks that move without a redraw. */
export const drawCellPlot = (frame: Frame, options: CellPlotOptions): CellPlot => {
  const { rows, columns, grid, bar } = options;
  // Read once, because after each part of the drawing the browser would lay the page out for it.
  const width = frame.width();
  const beside = namesBeside(rows, width);
  const left = beside.overhang;
  const axis = namesBelow(columns, grid.stepX, left);
  const bottom = axis.height + 14;
  const svg = frame.draw(TOP + grid.height + bottom + BAR_ROOM, options.summary);
  frame.paint({ x: left, y: TOP, width: grid.width, height: grid.height }, options.paint);
  const plot = svg.append('g').attr('transform', `translate(${left},${TOP})`);

  const rowPlaces = middles(grid.rows, grid.stepY, grid.gap);
  const markRowName = drawNames(plot, rowPlaces, beside, options.onRow);
  const below = plot.append('g').attr('transform', `translate(0,${grid.height})`);
  const markColumnName = drawNames(below, middles(grid.columns, grid.stepX, grid.gap), axis);
  const barLeft = Math.max(0, Math.min(left, width - textWidth(bar.quantity, FONT_SIZE)));
  const barGroup = svg
    .append('g')
    .attr('transform', `translate(${barLeft},${TOP + grid.height + bottom + 8})`);
  drawColourBar(barGroup, bar.colour, Math.min(160, grid.width), bar.ends, bar.quantity);

  const overlay = plot.append('g');
  const [rowMark, columnMark, cellMark] = [0, 1, 2].map(() => drawFocusMark(plot));

  return {
    overlay,
    at: (x, y) => cellAt(grid, x - left, y - TOP),
    mark: ({ row, column, across = -1 }) => {
      const rowBox = row < 0 ? null : cellBox(grid, row, 0, 1);
      const columnBox = across < 0 ? null : cellBox(grid, 0, across, 1);
      rowMark.place(rowBox && { ...rowBox, width: grid.width - grid.gap });
      columnMark.place(columnBox && { ...columnBox, height: grid.height - grid.gap });
      cellMark.place(row < 0 || column < 0 ? null : cellBox(grid, row, column, 1));
      markRowName(row);
      markColumnName(column < 0 ? across : column);
    },
    reveal: ({ row, column }) => {
      (column < 0 ? rowMark : cellMark).reveal();
      return [left + (column + 0.5) * grid.stepX, TOP + (row + 0.5) * grid.stepY];
    },
  };
};

import type { WeightCell } from '../series/featureWeights.ts';
import { formatNumber } from '../series/format.ts';
import type { Paint } from './canvasLayer.ts';
import { type Box, type CellGrid, cellBox } from './cellGrid.ts';
import { drawCellNumber } from './cellPlot.ts';
import { inShades } from './colourBar.ts';
import type { Group } from './frame.ts';
import { inkOn, viridis } from './palette.ts';
import type { Pen } from './pen.ts';
import type { Theme } from './theme.ts';

export type WeightCells = readonly (readonly (WeightCell | null)[])[];

/** Distance of hatching lines in px below which cells are too small for a disc over them. */
const SMALL_PERIOD = 8;

/** Whether a number fits in a cell. */
export const hasNumbers = (grid: CellGrid): boolean => grid.stepX >= 40 && grid.stepY >= 16;

/** A cell without a value: a dash and, if it fits, an outline. */
export const paintMissing = (pen: Pen, box: Box, theme: Theme): void => {
  pen.strokeStyle = theme.border;
  pen.lineWidth = 1;
  if (box.width >= 8 && box.height >= 8)
    pen.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
  pen.fillStyle = theme.muted;
  const width = Math.min(8, 0.5 * box.width);
  pen.fillRect(box.x + (box.width - width) / 2, box.y + box.height / 2 - 0.5, width, 1);
};

const paintTheory = (pen: Pen, box: Box, colours: { fill: string; ink: string }, aside: boolean): void => {
  const radius = Math.min(6, box.width / 3, box.height / 3);
  const x = aside ? box.x + box.width - radius - 3 : box.x + box.width / 2;
  pen.beginPath();
  pen.arc(x, box.y + box.height / 2, radius, 0, 2 * Math.PI);
  pen.fillStyle = colours.fill;
  pen.fill();
  // A ring round a small disc would hide its colour.
  if (radius < 3) return;
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 0.75;
  pen.stroke();
};

/**
 * Colours on one scale up to `largest`; absent cells hatched, unmeasured ones a dash, theory a disc in its own colour.
 */
export const paintWeights =
  (grid: CellGrid, cells: WeightCells, largest: number): Paint =>
  (pen, theme, surface) => {
    const period = Math.max(3, Math.min(SMALL_PERIOD, grid.stepX, grid.stepY));
    const shade = inShades(viridis);
    const hatching = surface.hatching({ period, ground: theme.background, line: theme.border });
    cells.forEach((row, y) => {
      row.forEach((cell, x) => {
        const box = cellBox(grid, y, x, surface.scale);
        if (!cell) {
          paintMissing(pen, box, theme);
          return;
        }
        const colour = shade(cell.weight / largest);
        if (cell.absent) {
          pen.fillStyle = hatching;
          pen.fillRect(box.x, box.y, box.width, box.height);
        } else surface.fillCell(box, colour);
        // A small disc would hide the hatching; the tooltip and the table have its value.
        if (cell.theory === null || (cell.absent && period < SMALL_PERIOD)) return;
        const ink = cell.absent ? theme.foreground : inkOn(colour);
        paintTheory(pen, box, { fill: shade(cell.theory / largest), ink }, hasNumbers(grid));
      });
    });
  };

/** Whether half of an interval fits below a number. */
const hasIntervals = (grid: CellGrid): boolean => grid.stepX >= 44 && grid.stepY >= 28;

/** The number of every cell that is not absent, with half of its interval below it where it fits. */
export const drawNumbers = (
  group: Group,
  grid: CellGrid,
  cells: WeightCells,
  largest: number,
  format: (weight: number) => string = (weight) => formatNumber(weight, 2),
): void => {
  cells.forEach((row, y) => {
    row.forEach((cell, x) => {
      if (!cell || cell.absent) return;
      const box = cellBox(grid, y, x, 1);
      const colour = viridis(cell.weight / largest);
      const text = drawCellNumber(group, box, format(cell.weight), colour);
      // Beside the disc.
      if (cell.theory !== null) text.attr('x', box.x + 4).attr('text-anchor', 'start');
      else if (cell.interval !== null && hasIntervals(grid)) {
        const [low, high] = cell.interval;
        text.attr('dy', '-0.1em');
        const half = drawCellNumber(group, box, `±${format((high - low) / 2)}`, colour);
        half.attr('class', 'value half').attr('dy', '1.05em');
      }
    });
  });
};

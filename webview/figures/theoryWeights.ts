import * as l10n from '@vscode/l10n';
import type { TheoryDocument } from '../../src/protocol/messages.ts';
import { plainLabels } from '../../src/protocol/messages.ts';
import { largestWeight } from '../series/featureWeights.ts';
import { formatNumber } from '../series/format.ts';
import {
  describeBest,
  describeCell,
  isBest,
  theoryCells,
  theoryFeatures,
  theoryLayers,
  theoryTable,
} from '../series/theory.ts';
import { createCellFigure } from './cellFigure.ts';
import { type CellGrid, cellBox, cellGrid, rowStep } from './cellGrid.ts';
import { cellsWidth } from './cellPlot.ts';
import type { Figure, FigureOptions, Group } from './frame.ts';
import { drawNumbers, hasNumbers, paintWeights } from './heatmapCell.ts';
import { viridis } from './palette.ts';

/** Widest cell, in px. */
const WIDEST = 90;

/** Px from the edge of a cell to its outline. */
const INSET = 2;

const largestOf = (document: TheoryDocument): number => largestWeight(theoryCells(document).flat()) || 1;

/** An outline in two colours, of which one is visible on any cell. */
const drawBest = (group: Group, grid: CellGrid, document: TheoryDocument): void => {
  document.layers.forEach((_, row) => {
    document.features.forEach((__, column) => {
      if (!isBest(document, row, column)) return;
      const box = cellBox(grid, row, column, 1);
      for (const name of ['best-ground', 'best']) {
        const outline = group.append('rect').attr('class', name);
        outline.attr('x', box.x + INSET).attr('y', box.y + INSET);
        outline.attr('width', Math.max(1, box.width - 2 * INSET));
        outline.attr('height', Math.max(1, box.height - 2 * INSET));
      }
    });
  });
};

/** The weight that theory predicts for every feature at every layer; the layer to keep for each feature is outlined. */
export const drawTheoryWeights = (
  container: HTMLElement,
  document: TheoryDocument,
  options: FigureOptions,
): Figure<TheoryDocument> =>
  createCellFigure(container, document, options, {
    rows: theoryLayers,
    cells: (data, { width }) => {
      const rows = plainLabels(theoryLayers(data));
      const features = theoryFeatures(data);
      const step = Math.min(WIDEST, cellsWidth(width(), rows) / features.length);
      const grid = cellGrid(rows.length, features.length, step, rowStep(rows.length));
      const largest = largestOf(data);
      return {
        summary: `${options.title}. ${describeBest(data, -1)}`,
        rows,
        columns: plainLabels(features),
        grid,
        paint: paintWeights(grid, theoryCells(data), largest),
        bar: {
          colour: viridis,
          ends: ['0', formatNumber(largest)],
          quantity: l10n.t('predicted gain per unit of the feature'),
        },
      };
    },
    over: ({ overlay }, { grid }, data) => {
      if (hasNumbers(grid)) drawNumbers(overlay, grid, theoryCells(data), largestOf(data));
      drawBest(overlay, grid, data);
    },
    legend: () => [
      l10n.t(
        'Outlined: the layer to keep for this feature, which needs the fewest samples to learn from it.',
      ),
    ],
    table: theoryTable,
    describe: describeCell,
    summarise: describeBest,
  }).open();

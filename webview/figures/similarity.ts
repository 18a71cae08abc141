import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/messages.ts';
import { layerLabels } from '../../src/protocol/messages.ts';
import { TWO_SIDED } from '../../src/statistics/index.ts';
import { formatCount, formatFixed, formatNumber } from '../series/format.ts';
import { largestChange, similarityTable } from '../series/similarity.ts';
import type { Paint } from './canvasLayer.ts';
import { createCellFigure } from './cellFigure.ts';
import { type CellGrid, cellBox, cellGrid } from './cellGrid.ts';
import { cellsWidth, drawCellNumber } from './cellPlot.ts';
import { inShades } from './colourBar.ts';
import type { Figure, FigureOptions, Group } from './frame.ts';
import { paintMissing } from './heatmapCell.ts';
import { cividis } from './palette.ts';

type CkaMatrix = Analysis['similarity']['cka'];

/** Preferred side of a cell, in px. */
const CELL = 42;
/** Smallest cell that fits its number. */
const VALUE_STEP = 34;

const paintCka =
  (grid: CellGrid, cka: CkaMatrix): Paint =>
  (pen, theme, surface) => {
    const shade = inShades(cividis);
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const box = cellBox(grid, row, column, surface.scale);
        const value = cka[row]?.[column] ?? null;
        if (value === null) paintMissing(pen, box, theme);
        else surface.fillCell(box, shade(value));
      }
    }
  };

const drawValues = (group: Group, grid: CellGrid, cka: CkaMatrix): void => {
  cka.forEach((row, y) => {
    row.forEach((value, x) => {
      if (value === null) return;
      drawCellNumber(group, cellBox(grid, y, x, 1), formatFixed(value, 2), cividis(value));
    });
  });
};

const describe = ({ similarity, layers }: Analysis, row: number, column: number): string => {
  const value = similarity.cka[row]?.[column] ?? null;
  const [a, b] = [layers[row].name, layers[column].name];
  return value === null
    ? l10n.t('{0} and {1}: could not be computed', a, b)
    : l10n.t('{0} and {1}: CKA {2}', a, b, `${formatNumber(value, 3)}${errorWords(similarity, row, column)}`);
};

/** Half of the 95 % interval, where the document has the error. */
const errorWords = ({ errors }: Analysis['similarity'], row: number, column: number): string => {
  const error = errors?.[row]?.[column] ?? null;
  return error === null ? '' : ` ± ${formatNumber(TWO_SIDED * error, 2)}`;
};

/** A layer beside its neighbour, or where neighbours differ most for a row of -1. */
const summarise = (data: Analysis, row: number): string => {
  if (row >= 0)
    return `${describe(data, row, row + 1 < data.layers.length ? row + 1 : Math.max(0, row - 1))}.`;
  const change = largestChange(data);
  if (!change) return '';
  const { from, to, cka } = change;
  return l10n.t('Neighbours differ most between {0} and {1} (CKA {2}).', from, to, formatNumber(cka, 3));
};

const namesOf = ({ layers }: Analysis): string[] => layers.map(({ name }) => name);

/** Debiased linear CKA between every two layers: 1 is the same representation up to rotation and scale. */
export const drawSimilarity = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> =>
  createCellFigure(container, analysis, options, {
    square: true,
    rows: namesOf,
    cells: (data, { width }) => {
      const names = namesOf(data);
      const { cka, samples } = data.similarity;
      if (!cka.flat().some((value) => value !== null))
        return l10n.t('The similarity between layers could not be computed.');
      const labels = layerLabels(names);
      const step = Math.min(CELL, cellsWidth(width(), labels) / names.length);
      const grid = cellGrid(names.length, names.length, step, step);
      const counted = formatCount(samples);
      return {
        summary: `${options.title}. ${summarise(data, -1)} ${l10n.t('{0} samples.', counted)}`,
        rows: labels,
        columns: labels,
        grid,
        paint: paintCka(grid, cka),
        bar: { colour: cividis, ends: ['0', '1'], quantity: l10n.t('CKA, {0} samples', counted) },
      };
    },
    over: ({ overlay }, { grid }, { similarity }) => {
      if (grid.stepX >= VALUE_STEP) drawValues(overlay, grid, similarity.cka);
    },
    legend: ({ similarity }) =>
      similarity.cka.flat().includes(null) ? [l10n.t('A dash: could not be computed.')] : [],
    table: similarityTable,
    describe,
    summarise,
  }).open();

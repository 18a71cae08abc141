import * as l10n from '@vscode/l10n';
import { layerLabels, plainLabels } from '../../src/protocol/messages.ts';
import { type Comparison, describeUnmatched } from '../series/comparison.ts';
import {
  fittingChoice,
  isRelative,
  QUANTITY_UNITS,
  type WeightChoice,
  type WeightSource,
} from '../series/featureWeights.ts';
import { formatNumber } from '../series/format.ts';
import {
  describeDifference,
  formatDifference,
  largestDifference,
  sharedQuantities,
  sharedSources,
  type WeightDifference,
  weightDifference,
  weightDifferenceTable,
} from '../series/weightDifference.ts';
import type { Paint } from './canvasLayer.ts';
import { type CellDrawing, createCellFigure } from './cellFigure.ts';
import { type CellGrid, cellBox, cellGrid, rowStep } from './cellGrid.ts';
import { cellsWidth, drawCellNumber } from './cellPlot.ts';
import { inShades } from './colourBar.ts';
import type { Figure, FigureOptions, Group } from './frame.ts';
import { hasNumbers, paintMissing } from './heatmapCell.ts';
import { diverging } from './palette.ts';
import { addWeightControls } from './weightControls.ts';

/** Widest cell, in px. */
const WIDEST = 64;

interface View {
  readonly comparison: Comparison;
  readonly choice: WeightChoice;
  readonly difference: WeightDifference;
}

/** The difference at the ends of the scale. */
const scaleOf = ({ largest }: WeightDifference): number => largest || 1;

/** Where a difference is on the scale, 0 to 1; no difference is in the middle. */
const placeOf = (value: number, difference: WeightDifference): number =>
  0.5 + value / (2 * scaleOf(difference));

const paintDifferences =
  (grid: CellGrid, difference: WeightDifference): Paint =>
  (pen, theme, surface) => {
    const shade = inShades(diverging);
    difference.cells.forEach((row, y) => {
      row.forEach((cell, x) => {
        const box = cellBox(grid, y, x, surface.scale);
        if (!cell) {
          paintMissing(pen, box, theme);
          return;
        }
        surface.fillCell(box, shade(placeOf(cell.difference, difference)));
      });
    });
  };

const drawNumbers = (group: Group, grid: CellGrid, difference: WeightDifference): void => {
  difference.cells.forEach((row, y) => {
    row.forEach((cell, x) => {
      if (!cell) return;
      const colour = diverging(placeOf(cell.difference, difference));
      drawCellNumber(group, cellBox(grid, y, x, 1), formatDifference(cell.difference, 2), colour);
    });
  });
};

const namesOf = ({ nameA, nameB }: Comparison): readonly [string, string] => [nameA, nameB];

/** A layer's largest change, or the largest of all for a row of -1. */
const summarise = ({ comparison, difference }: View, row: number): string => {
  const place = largestDifference(difference, row);
  if (!place) return '';
  if (difference.cells[place.row][place.column]?.difference === 0) return l10n.t('No difference.');
  const words = describeDifference(difference, place.row, place.column, namesOf(comparison));
  return l10n.t('Largest change: {0}.', words);
};

const differenceDrawing = (title: string): CellDrawing<View> => ({
  rows: ({ difference }) => difference.layers,
  cells: (view, { width }) => {
    const { comparison, choice, difference } = view;
    const { layers, features } = difference;
    if (features.length === 0 || layers.length === 0)
      return l10n.t('{0} and {1} have no feature weights in common.', ...namesOf(comparison));
    const rows = layerLabels(layers);
    const stepX = Math.min(WIDEST, cellsWidth(width(), rows) / features.length);
    const grid = cellGrid(layers.length, features.length, stepX, rowStep(layers.length));
    const end = formatNumber(scaleOf(difference));
    return {
      summary: `${title}. ${summarise(view, -1)}`,
      rows,
      columns: plainLabels(features),
      grid,
      paint: paintDifferences(grid, difference),
      bar: {
        colour: diverging,
        ends: [`−${end}`, `+${end}`],
        quantity: isRelative(choice)
          ? l10n.t("B − A, share of the layer's largest")
          : l10n.t('B − A, {0}', QUANTITY_UNITS[choice.quantity]),
      },
    };
  },
  over: ({ overlay }, { grid }, { difference }) => {
    if (hasNumbers(grid)) drawNumbers(overlay, grid, difference);
  },
  legend: ({ comparison, difference }) => [
    ...(difference.cells.flat().includes(null) ? [l10n.t('A dash: not measured in both.')] : []),
    describeUnmatched(comparison),
  ],
  table: ({ comparison, difference }) => weightDifferenceTable(difference, namesOf(comparison)),
  describe: ({ comparison, difference }, row, column) =>
    describeDifference(difference, row, column, namesOf(comparison)),
  summarise,
});

/** B - A of the feature weights at every layer that both have: zero is in the middle of the scale. */
export const drawWeightDifference = (
  container: HTMLElement,
  initial: Comparison,
  options: FigureOptions,
): Figure<Comparison> => {
  let comparison = initial;
  let choice: WeightChoice = { source: 'factor', quantity: 'information', relative: true };
  const quantitiesOf = (source: WeightSource) => sharedQuantities(comparison, source);
  const view = (): View => {
    choice = fittingChoice(choice, sharedSources(comparison), quantitiesOf);
    return { comparison, choice, difference: weightDifference(comparison, choice) };
  };
  const { frame, open } = createCellFigure(container, view(), options, differenceDrawing(options.title));
  const show = (changes: Partial<WeightChoice>): void => {
    choice = { ...choice, ...changes };
    const shown = view();
    offer();
    figure.update(shown);
  };
  const controls = addWeightControls(frame.controls, choice.relative, show);
  const offer = (): void => controls.offer(sharedSources(comparison), quantitiesOf(choice.source), choice);
  offer();
  const figure = open();
  return {
    ...figure,
    update: (next) => {
      comparison = next;
      show({});
    },
  };
};

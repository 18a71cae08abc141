import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/messages.ts';
import { cutLabel, type LayerLabel, layerLabels, plainLabels } from '../../src/protocol/messages.ts';
import {
  describeLayer,
  describeWeight,
  fittingChoice,
  isRelative,
  largestWeight,
  QUANTITY_UNITS,
  relativeToLayer,
  sortedByLayer,
  type WeightChoice,
  type WeightMatrix,
  type WeightQuantity,
  weightMatrix,
  weightQuantities,
  weightSources,
  weightTable,
} from '../series/featureWeights.ts';
import { formatFixed, formatNumber } from '../series/format.ts';
import { type CellDrawing, createCellFigure } from './cellFigure.ts';
import { cellGrid, rowStep } from './cellGrid.ts';
import { cellsWidth } from './cellPlot.ts';
import { addChoice } from './controls.ts';
import { element } from './element.ts';
import type { Figure, FigureOptions } from './frame.ts';
import { drawNumbers, hasNumbers, paintWeights } from './heatmapCell.ts';
import { viridis } from './palette.ts';
import { addWeightControls } from './weightControls.ts';

/** Widest cell, in px. */
const WIDEST = 64;
/** Characters of the name of a layer in a list of choices. */
const CHOICE_LIMIT = 60;
/** With more layers than this, a screen reader should not read all of them. */
const MANY_LAYERS = 12;

const sorted = (label: LayerLabel): LayerLabel => ({
  ...label,
  text: `${label.text} ▸`,
  inner: `${label.inner} ▸`,
});

const summarise = (matrix: WeightMatrix): string => {
  const { layers, features } = matrix;
  if (layers.length <= MANY_LAYERS) return layers.map((_, index) => describeLayer(matrix, index)).join('. ');
  return l10n.t(
    '{0} layers by {1} features; use the arrow keys to read each cell',
    layers.length,
    features.length,
  );
};

/** The meaning of hatching, discs and dashes, as far as they occur. */
const keyTo = (matrix: WeightMatrix, { absent, theory, noTheory }: Analysis): string => {
  const cells = matrix.cells.flat();
  const hatched =
    matrix.quantity === 'gain'
      ? l10n.t('Hatched: absent ({0}).', absent.threshold)
      : l10n.t('Hatched: the 95 % interval reaches 0.');
  const lines = [
    ...(cells.some((cell) => cell?.absent) ? [hatched] : []),
    ...(cells.some((cell) => cell && cell.theory !== null)
      ? [
          l10n.t(
            'Disc: the value that theory predicts ({0}). Where disc and cell have the same colour, both agree.',
            theory?.source ?? '',
          ),
        ]
      : []),
    ...(noTheory !== undefined && matrix.quantity === 'gain' ? [l10n.t('No theory: {0}.', noTheory)] : []),
    ...(cells.includes(null) ? [l10n.t('Empty cell with a dash: not measured at that layer.')] : []),
  ];
  return lines.join(' ');
};

/** Settings of the figure. */
interface HeatmapSettings extends WeightChoice {
  /** The layer by which the features are sorted; null for the document's order. */
  readonly sortLayer: string | null;
}

interface HeatmapView extends HeatmapSettings {
  readonly analysis: Analysis;
  readonly matrix: WeightMatrix;
  /** The weights as drawn. */
  readonly drawn: Pick<WeightMatrix, 'cells'>;
  readonly largest: number;
}

const viewOf = (analysis: Analysis, settings: HeatmapSettings): HeatmapView => {
  const { source, quantity, sortLayer } = settings;
  const relative = isRelative(settings);
  const measured = weightMatrix(analysis, source, quantity);
  const matrix = sortLayer === null ? measured : sortedByLayer(measured, sortLayer);
  const drawn = relative ? relativeToLayer(matrix) : matrix;
  const largest = relative ? 1 : largestWeight(matrix.cells.flat()) || 1;
  return { ...settings, relative, analysis, matrix, drawn, largest };
};

/** The settings that an analysis has: another source or order if it lacks these. */
const fitting = (analysis: Analysis, settings: HeatmapSettings): HeatmapSettings => {
  const has = analysis.layers.some(({ name }) => name === settings.sortLayer);
  return {
    ...fittingChoice(settings, weightSources(analysis), (source) => weightQuantities(analysis, source)),
    sortLayer: has ? settings.sortLayer : null,
  };
};

/** Numbers of one scale have the same decimals. */
const NUMBER_FORMATS: Readonly<Record<WeightQuantity, (value: number) => string>> = {
  information: (value) => formatFixed(value, 2),
  etaSquared: (value) => formatFixed(value, 2),
  gain: (value) => formatNumber(value, 2),
};

const heatmapDrawing = (title: string, onRow: (layer: string) => void): CellDrawing<HeatmapView> => ({
  rows: ({ matrix }) => matrix.layers,
  cells: ({ matrix, drawn, largest, relative, quantity, sortLayer }, { width }) => {
    const { layers, features } = matrix;
    if (features.length === 0) return l10n.t('No feature weights were measured in this analysis.');
    const rows = layerLabels(layers).map((label) => (label.name === sortLayer ? sorted(label) : label));
    const stepX = Math.min(WIDEST, cellsWidth(width(), rows) / features.length);
    const grid = cellGrid(layers.length, features.length, stepX, rowStep(layers.length));
    return {
      summary: `${title}. ${summarise(matrix)}.`,
      rows,
      columns: plainLabels(features),
      grid,
      paint: paintWeights(grid, drawn.cells, largest),
      bar: {
        colour: viridis,
        ends: ['0', formatNumber(largest, 3)],
        quantity: relative ? l10n.t("share of the layer's largest") : QUANTITY_UNITS[quantity],
      },
    };
  },
  over: ({ overlay }, { grid }, { drawn, largest, quantity }) => {
    if (hasNumbers(grid)) drawNumbers(overlay, grid, drawn.cells, largest, NUMBER_FORMATS[quantity]);
  },
  legend: ({ matrix, analysis }) => {
    const hint = l10n.t('Click the name of a layer, or press Enter on it, to sort the features by it.');
    return [keyTo(matrix, analysis), element('span', { class: 'hint' }, hint)];
  },
  table: ({ matrix }) => weightTable(matrix),
  describe: ({ matrix }, row, column) => describeWeight(matrix, row, column),
  more: ({ drawn, relative }, row, column) => {
    const share = relative ? drawn.cells[row][column] : null;
    return share ? l10n.t("{0} of the layer's largest", formatNumber(share.weight)) : null;
  },
  summarise: ({ matrix }, row) => (row < 0 ? '' : `${describeLayer(matrix, row)}.`),
  onRow,
});

/** How strongly every layer weighs every feature; absent ones hatched, theory as a disc in its own colour. */
export const drawHeatmap = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let settings = fitting(data, {
    source: 'factor',
    quantity: weightQuantities(data, weightSources(data)[0] ?? 'factor')[0],
    sortLayer: null,
    relative: true,
  });
  let view = viewOf(data, settings);
  const show = (changes: Partial<HeatmapSettings>): void => {
    settings = fitting(data, { ...settings, ...changes });
    view = viewOf(data, settings);
    offer();
    figure.update(view);
  };
  /** A second time on the same layer restores the document's order. */
  const toggleSort = (layer: string): void =>
    show({ sortLayer: settings.sortLayer === layer ? null : layer });

  const drawing = heatmapDrawing(options.title, toggleSort);
  const { frame, open } = createCellFigure(container, view, options, drawing);
  const weights = addWeightControls(frame.controls, settings.relative, show);
  const orders = addChoice(frame.controls, l10n.t('Sort by'), [], (value) =>
    show({ sortLayer: value === '' ? null : view.matrix.layers[Number(value)] }),
  );
  const offer = (): void => {
    const { layers } = view.matrix;
    weights.offer(weightSources(data), weightQuantities(data, settings.source), settings);
    const choices = layerLabels(layers).map((label, index) => ({
      value: String(index),
      label: cutLabel(label, CHOICE_LIMIT),
    }));
    const chosen = settings.sortLayer === null ? '' : String(layers.indexOf(settings.sortLayer));
    orders.offer([{ value: '', label: l10n.t('original order') }, ...choices], chosen);
  };
  offer();
  const figure = open();
  return {
    ...figure,
    update: (next) => {
      data = next;
      show({});
    },
  };
};

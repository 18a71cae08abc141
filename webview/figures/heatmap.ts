import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import {
  describeLayer,
  describeWeight,
  largestWeight,
  relativeToLayer,
  SOURCE_LABELS,
  sortedByLayer,
  type WeightMatrix,
  type WeightSource,
  weightMatrix,
  weightSources,
  weightTable,
} from '../series/featureWeights.ts';
import { formatNumber } from '../series/format.ts';
import { cutLabel, type LayerLabel, layerLabels, plainLabels } from '../series/layerNames.ts';
import { cellGrid, rowStep } from './cellGrid.ts';
import { type CellMark, type CellPlot, cellsWidth, drawCellPlot } from './cellPlot.ts';
import { addChoice, addToggle } from './controls.ts';
import { element } from './element.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { drawNumbers, hasNumbers, paintWeights } from './heatmapCell.ts';
import { viridis } from './palette.ts';

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
const keyTo = (matrix: WeightMatrix, { absent, theory }: Analysis): string => {
  const cells = matrix.cells.flat();
  const lines = [
    ...(cells.some((cell) => cell?.absent) ? [l10n.t('Hatched: absent ({0}).', absent.threshold)] : []),
    ...(cells.some((cell) => cell && cell.theory !== null)
      ? [
          l10n.t(
            'Disc: the value that theory predicts ({0}). Where disc and cell have the same colour, both agree.',
            theory?.source ?? '',
          ),
        ]
      : []),
    ...(cells.includes(null) ? [l10n.t('Empty cell with a dash: not measured at that layer.')] : []),
  ];
  return lines.join(' ');
};

/** How strongly every layer weighs every feature; absent ones hatched, theory as a disc in its own colour. */
export const drawHeatmap = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let source: WeightSource = weightSources(analysis)[0] ?? 'factor';
  let sortLayer: string | null = null;
  let matrix = weightMatrix(data, source);
  let shares = relativeToLayer(matrix);
  let relative = true;
  /** The column of the keyboard cursor, -1 for none; its row is the selected layer. */
  let feature = -1;
  let plot: CellPlot | null = null;
  const { selection } = options;
  const frame = openFrame(container, options, () => weightTable(matrix));

  const render = (): void => {
    const { layers, features } = matrix;
    if (features.length === 0) {
      plot = null;
      frame.drawNothing(l10n.t('No feature weights were measured in this analysis.'));
      return;
    }
    const { cells } = relative ? shares : matrix;
    const largest = relative ? 1 : largestWeight(cells.flat()) || 1;
    const rows = layerLabels(layers).map((label) => (label.name === sortLayer ? sorted(label) : label));
    const stepX = Math.min(WIDEST, cellsWidth(frame.width(), rows) / features.length);
    const grid = cellGrid(layers.length, features.length, stepX, rowStep(layers.length));
    plot = drawCellPlot(frame, {
      summary: `${options.title}. ${summarise(matrix)}.`,
      rows,
      columns: plainLabels(features),
      grid,
      paint: paintWeights(grid, cells, largest),
      onRow: (row) => toggleSort(layers[row]),
      bar: {
        colour: viridis,
        ends: ['0', formatNumber(largest)],
        quantity: relative ? l10n.t("share of the layer's largest") : l10n.t('gain per unit'),
      },
    });
    if (hasNumbers(grid)) drawNumbers(plot.overlay, grid, cells, largest);
    const hint = l10n.t('Click the name of a layer, or press Enter on it, to sort the features by it.');
    frame.legend.replaceChildren(keyTo(matrix, data), element('span', { class: 'hint' }, hint));
    mark();
  };

  const marked = (): CellMark => {
    const row = matrix.layers.indexOf(selection.current() ?? '');
    return { row, column: row < 0 ? -1 : feature };
  };
  const linesAt = (row: number, column: number): string[] => {
    const share = relative ? shares.cells[row][column] : null;
    const value = describeWeight(matrix, row, column);
    return share ? [value, l10n.t("{0} of the layer's largest", formatNumber(share.weight))] : [value];
  };
  const mark = (): void => {
    if (!plot) return;
    const { row, column } = marked();
    plot.mark({ row, column });
    if (row < 0) frame.announce('');
    else frame.announce(column < 0 ? describeLayer(matrix, row) : describeWeight(matrix, row, column));
  };
  const showMarked = (): void => {
    const { row, column } = marked();
    if (!plot || row < 0) return;
    const middle = plot.reveal({ row, column });
    if (column >= 0) frame.tooltip.show(linesAt(row, column), ...middle);
    else frame.tooltip.hide();
  };
  const select = (row: number, column: number): void => {
    feature = column;
    selection.select(matrix.layers[row]);
    mark();
  };
  const step = (by: number): void => {
    const { row, column } = marked();
    select(Math.max(0, row), Math.max(0, Math.min(matrix.features.length - 1, column + by)));
  };
  const change = (): void => {
    feature = -1;
    figure.update(data);
  };
  const sortBy = (layer: string | null): void => {
    sortLayer = layer;
    change();
  };
  /** A second time on the same layer restores the document's order. */
  const toggleSort = (layer: string): void => {
    selection.select(layer);
    sortBy(sortLayer === layer ? null : layer);
  };

  const sources = addChoice<WeightSource>(frame.controls, l10n.t('Features'), [], (value) => {
    source = value;
    change();
  });
  const orders = addChoice(frame.controls, l10n.t('Sort by'), [], (value) => {
    sortBy(value === '' ? null : matrix.layers[Number(value)]);
  });
  addToggle(frame.controls, l10n.t("relative to the layer's largest"), relative, (on) => {
    relative = on;
    render();
  });
  const offerChoices = (): void => {
    const offered = weightSources(data).map((value) => ({ value, label: SOURCE_LABELS[value] }));
    sources.offer(offered, source);
    const layers = layerLabels(matrix.layers).map((label, index) => ({
      value: String(index),
      label: cutLabel(label, CHOICE_LIMIT),
    }));
    const chosen = sortLayer === null ? '' : String(matrix.layers.indexOf(sortLayer));
    orders.offer([{ value: '', label: l10n.t('original order') }, ...layers], chosen);
  };
  offerChoices();

  frame.explainAt(
    (x, y) => {
      const cell = plot?.at(x, y);
      return cell ? linesAt(cell.row, cell.column) : null;
    },
    (x, y) => {
      const cell = plot?.at(x, y);
      if (cell) select(cell.row, cell.column);
    },
  );
  frame.onKeys(
    {
      ...layerKeys(selection, () => matrix.layers, 'vertical'),
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Enter: () => {
        const layer = selection.current();
        if (layer !== null && matrix.layers.includes(layer)) toggleSort(layer);
      },
      Escape: () => {
        feature = -1;
        selection.select(null);
      },
    },
    showMarked,
  );
  const figure = frame.open<Analysis>(
    render,
    (next) => {
      data = next;
      const offered = weightSources(data);
      if (!offered.includes(source)) source = offered[0] ?? 'factor';
      if (!data.layers.some(({ name }) => name === sortLayer)) sortLayer = null;
      const measured = weightMatrix(data, source);
      matrix = sortLayer === null ? measured : sortedByLayer(measured, sortLayer);
      shares = relativeToLayer(matrix);
      feature = Math.min(feature, matrix.features.length - 1);
      offerChoices();
    },
    mark,
  );
  return figure;
};

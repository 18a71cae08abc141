import { scaleBand } from 'd3';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatNumber } from '../series/format.ts';
import {
  largestWeight,
  relativeToLayer,
  sortedByLayer,
  type WeightCell,
  type WeightMatrix,
  type WeightSource,
  weightMatrix,
  weightSources,
  weightTable,
} from '../series/weights.ts';
import { drawNames, drawRowNames, nameAxis, rowNamesWidth } from './axis.ts';
import { drawColourBar } from './colourBar.ts';
import { addChoice, addToggle } from './controls.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { drawHatching } from './hatching.ts';
import { drawCell } from './heatmapCell.ts';
import { viridis } from './palette.ts';

const SOURCE_LABELS: Readonly<Record<WeightSource, string>> = {
  factor: 'factors of the data',
  coordinate: 'synthetic coordinates',
  direction: 'principal input directions',
};

const describeCell = (layer: string, feature: string, cell: WeightCell | null): string => {
  if (!cell) return `${feature} at ${layer}: not measured`;
  const theory = cell.theory === null ? '' : `, theory ${formatNumber(cell.theory)}`;
  return `${feature} at ${layer}: weight ${formatNumber(cell.weight)}${theory}${cell.absent ? ', absent' : ''}`;
};

const describeLayer = (matrix: WeightMatrix, layer: string): string => {
  const { features, cells } = sortedByLayer(matrix, layer);
  const row = cells[matrix.layers.indexOf(layer)];
  if (!row?.some((cell) => cell)) return `${layer}: no feature weights`;
  const absent = features.filter((_, index) => row[index]?.absent);
  const missing = absent.length === 0 ? 'none absent' : `absent: ${absent.join(', ')}`;
  return `${layer}: strongest ${features[0]} (${formatNumber(row[0]?.weight ?? 0)}); ${missing}`;
};

/** How strongly every layer weighs every feature; absent ones hatched, theory as a disc of its own colour. */
export const drawHeatmap = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let source: WeightSource = weightSources(analysis)[0] ?? 'factor';
  let relative = true;
  let sortLayer: string | null = null;
  let feature = -1;
  const { selection } = options;
  const sorted = (): WeightMatrix => {
    const matrix = weightMatrix(data, source);
    return sortLayer === null ? matrix : sortedByLayer(matrix, sortLayer);
  };
  const frame = openFrame(container, options, () => weightTable(sorted()));

  const render = (): void => {
    const matrix = sorted();
    if (matrix.features.length === 0) {
      frame.drawNothing('No feature weights were measured in this analysis.');
      return;
    }
    const shown = relative ? relativeToLayer(matrix) : matrix;
    const largest = relative ? 1 : Math.max(...matrix.cells.map(largestWeight)) || 1;
    const left = rowNamesWidth(matrix.layers);
    const width = Math.min(frame.width() - left - 8, 64 * matrix.features.length);
    const x = scaleBand(matrix.features.map(String), [0, width]).padding(0.04);
    const y = scaleBand(matrix.layers.map(String), [0, 30 * matrix.layers.length]).padding(0.06);
    const height = y.range()[1];
    const names = nameAxis(matrix.features, x.step());
    const named = x.step() >= 9;
    const bottom = named ? names.height + 14 : 14;
    const summary = matrix.layers.map((layer) => describeLayer(matrix, layer)).join('. ');
    const svg = frame.draw(height + bottom + 46, `${options.title}. ${summary}.`);
    const plot = svg.append('g').attr('transform', `translate(${left},6)`);
    const hatched = drawHatching(svg);
    const current = selection.current();

    matrix.layers.forEach((layer, row) => {
      matrix.features.forEach((name, column) => {
        const cell = shown.cells[row][column];
        const group = plot
          .append('g')
          .attr('transform', `translate(${x(name)},${y(layer)})`)
          .on('click', () => selection.select(layer));
        drawCell(group, cell, x.bandwidth(), y.bandwidth(), largest, hatched);
        const focused = layer === current && column === feature;
        if (focused)
          group
            .append('rect')
            .attr('class', 'focus')
            .attr('width', x.bandwidth())
            .attr('height', y.bandwidth());
        frame.explain(group.node() as SVGGElement, () => [
          describeCell(layer, name, matrix.cells[row][column]),
          ...(relative && cell ? [`${formatNumber(cell.weight)} of the layer's largest`] : []),
        ]);
      });
      if (layer === current) {
        plot
          .append('rect')
          .attr('class', 'focus')
          .attr('x', -2)
          .attr('y', (y(layer) ?? 0) - 1)
          .attr('width', width + 4)
          .attr('height', y.bandwidth() + 2);
      }
    });
    const rows = matrix.layers.map((layer) => ({
      position: (y(layer) ?? 0) + y.bandwidth() / 2,
      label: layer === sortLayer ? `${layer} ▸` : layer,
      strong: layer === current,
    }));
    drawRowNames(plot, rows, (index) => sortBy(matrix.layers[index]));
    if (named) {
      const columns = matrix.features.map((name, index) => ({
        position: (x(name) ?? 0) + x.bandwidth() / 2,
        label: name,
        strong: index === feature,
      }));
      drawNames(plot.append('g').attr('transform', `translate(0,${height})`), columns, names);
    }
    const bar = svg.append('g').attr('transform', `translate(${left},${height + bottom + 14})`);
    const quantity = relative ? "share of the layer's largest" : 'gain per unit';
    drawColourBar(bar, viridis, Math.min(160, width), ['0', formatNumber(largest)], quantity);
    drawKey(matrix);
    const chosen = matrix.layers.indexOf(current ?? '');
    frame.announce(
      chosen < 0
        ? ''
        : feature >= 0
          ? describeCell(matrix.layers[chosen], matrix.features[feature], matrix.cells[chosen][feature])
          : describeLayer(matrix, matrix.layers[chosen]),
    );
  };

  const drawKey = (matrix: WeightMatrix): void => {
    const cells = matrix.cells.flat();
    const lines = [
      ...(cells.some((cell) => cell?.absent) ? [`Hatched: absent (${data.absent.threshold}).`] : []),
      ...(cells.some((cell) => cell && cell.theory !== null)
        ? [`Disc: what theory predicts (${data.theory?.source}); where it has its cell's colour, both agree.`]
        : []),
      ...(cells.some((cell) => cell === null) ? ['Empty with a dash: not measured at that layer.'] : []),
      sortLayer === null
        ? 'Click the name of a layer to sort by it.'
        : `Sorted by ${sortLayer}; click it again for the first order.`,
    ];
    frame.legend.replaceChildren(lines.join(' '));
  };

  /** A second click on the same layer brings the document's order back. */
  const sortBy = (layer: string): void => {
    sortLayer = sortLayer === layer ? null : layer;
    feature = -1;
    if (selection.current() === layer) render();
    else selection.select(layer);
  };

  addChoice(
    frame.controls,
    'Features',
    weightSources(data).map((value) => ({ value, label: SOURCE_LABELS[value] })),
    (value) => {
      source = value;
      feature = -1;
      figure.update(data);
    },
  );
  addToggle(frame.controls, "relative to the layer's largest", relative, (on) => {
    relative = on;
    render();
  });
  const step = (by: number): void => {
    feature = Math.max(0, Math.min(sorted().features.length - 1, feature + by));
    if (selection.current() === null)
      selection.move(
        data.layers.map(({ name }) => name),
        1,
      );
    else render();
  };
  frame.onKeys({
    ...layerKeys(selection, () => data.layers.map(({ name }) => name), 'vertical'),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Enter: () => {
      const layer = selection.current();
      if (layer !== null) sortBy(layer);
    },
  });
  const figure = frame.open<Analysis>(render, (next) => {
    data = next;
    feature = Math.min(feature, sorted().features.length - 1);
  });
  return figure;
};

import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from '../series/format.ts';
import { layerLabels } from '../series/layerNames.ts';
import { largestChange, similarityTable } from '../series/similarity.ts';
import type { Paint } from './canvasLayer.ts';
import { type CellGrid, cellBox, cellGrid } from './cellGrid.ts';
import { type CellMark, type CellPlot, cellsWidth, drawCellPlot } from './cellPlot.ts';
import { inShades } from './colourBar.ts';
import { type Figure, type FigureOptions, type Group, layerKeys, openFrame } from './frame.ts';
import { paintMissing } from './heatmapCell.ts';
import { cividis, inkOn } from './palette.ts';

type CkaMatrix = Analysis['similarity']['cka'];

/** Preferred side of a cell, in px. */
const CELL = 42;
/** Smallest cell that fits its number. */
const VALUE_STEP = 34;

const paintCka =
  (grid: CellGrid, cka: CkaMatrix): Paint =>
  (context, theme, scale) => {
    const shade = inShades(cividis);
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const box = cellBox(grid, row, column, scale);
        const value = cka[row]?.[column] ?? null;
        if (value === null) paintMissing(context, box, theme);
        else {
          context.fillStyle = shade(value);
          context.fillRect(box.x, box.y, box.width, box.height);
        }
      }
    }
  };

const drawValues = (group: Group, grid: CellGrid, cka: CkaMatrix): void => {
  cka.forEach((row, y) => {
    row.forEach((value, x) => {
      if (value === null) return;
      const box = cellBox(grid, y, x, 1);
      group
        .append('text')
        .attr('class', 'value')
        .attr('x', box.x + box.width / 2)
        .attr('y', box.y + box.height / 2)
        .attr('dy', '0.32em')
        .attr('text-anchor', 'middle')
        .attr('fill', inkOn(cividis(value)))
        .text(value.toFixed(2));
    });
  });
};

/** Debiased linear CKA between every two layers: 1 is the same representation up to rotation and scale. */
export const drawSimilarity = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let plot: CellPlot | null = null;
  /** The layer that the selected one is compared with, by keyboard or a click. */
  let other = -1;
  const { selection } = options;
  const frame = openFrame(container, options, () => similarityTable(data));
  const layers = (): string[] => data.layers.map((layer) => layer.name);

  const describe = (row: number, column: number): string => {
    const value = data.similarity.cka[row]?.[column] ?? null;
    const [a, b] = [data.layers[row].name, data.layers[column].name];
    return value === null
      ? l10n.t('{0} and {1}: could not be computed', a, b)
      : l10n.t('{0} and {1}: CKA {2}', a, b, formatNumber(value, 3));
  };
  const finding = (): string => {
    const change = largestChange(data);
    if (!change) return '';
    const { from, to, cka } = change;
    return l10n.t('Neighbours differ most between {0} and {1} (CKA {2}).', from, to, formatNumber(cka, 3));
  };

  const render = (): void => {
    const names = layers();
    const labels = layerLabels(names);
    const { cka, samples } = data.similarity;
    const values = cka.flat();
    if (!values.some((value) => value !== null)) {
      plot = null;
      frame.drawNothing(l10n.t('The similarity between layers could not be computed.'));
      return;
    }
    const step = Math.min(CELL, cellsWidth(frame, labels) / names.length);
    const grid = cellGrid(names.length, names.length, step, step);
    plot = drawCellPlot(frame, {
      summary: `${options.title}. ${finding()} ${l10n.t('{0} samples.', formatCount(samples))}`,
      rows: labels,
      columns: labels,
      grid,
      paint: paintCka(grid, cka),
      onRow: (row) => selection.select(names[row]),
      bar: { colour: cividis, ends: ['0', '1'], quantity: l10n.t('CKA, {0} samples', formatCount(samples)) },
    });
    if (step >= VALUE_STEP) drawValues(plot.overlay, grid, cka);
    frame.legend.replaceChildren(values.includes(null) ? l10n.t('A dash: could not be computed.') : '');
    mark();
  };

  const marked = (): CellMark => {
    const row = layers().indexOf(selection.current() ?? '');
    return { row, column: row < 0 ? -1 : other, across: row };
  };
  const mark = (): void => {
    if (!plot) return;
    const { row, column } = marked();
    plot.mark(marked());
    const neighbour = row + 1 < data.layers.length ? row + 1 : Math.max(0, row - 1);
    frame.announce(row < 0 ? finding() : `${describe(row, column < 0 ? neighbour : column)}.`);
  };
  const showMarked = (): void => {
    const { row, column } = marked();
    if (!plot || row < 0) return;
    const middle = plot.reveal(marked());
    if (column >= 0) frame.tooltip.show([describe(row, column)], ...middle);
  };
  const select = (row: number, column: number): void => {
    other = column;
    selection.select(data.layers[row].name);
    mark();
  };
  const compare = (by: number): void => {
    const { row, column } = marked();
    const last = data.layers.length - 1;
    const from = column < 0 ? Math.max(0, row) : column;
    select(Math.max(0, row), Math.max(0, Math.min(last, from + by)));
  };

  frame.explainAt(
    (x, y) => {
      const cell = plot?.at(x, y);
      return cell ? [describe(cell.row, cell.column)] : null;
    },
    (x, y) => {
      const cell = plot?.at(x, y);
      if (cell) select(cell.row, cell.column);
    },
  );
  frame.onKeys(
    {
      ...layerKeys(selection, layers, 'vertical'),
      ArrowLeft: () => compare(-1),
      ArrowRight: () => compare(1),
      Escape: () => {
        other = -1;
        selection.select(null);
      },
    },
    showMarked,
  );
  return frame.open<Analysis>(
    render,
    (next) => {
      data = next;
      other = -1;
    },
    mark,
  );
};

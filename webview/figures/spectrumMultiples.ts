import { shorten, textWidth } from '../series/format.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import type { SpectrumView } from '../series/spectrumView.ts';
import { drawBottomAxis, drawLeftAxis, FONT_SIZE } from './axis.ts';
import { drawBaseline } from './baseline.ts';
import type { Drawing, Frame, Group } from './frame.ts';
import {
  createPanel,
  curveOf,
  drawAxes,
  type LineStyle,
  type Panel,
  type Picture,
  pathOf,
} from './spectrumPanel.ts';

interface Grid {
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

const gridOf = (view: SpectrumView, width: number): Grid => {
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

const cornerOf = (grid: Grid, index: number): [number, number] => [
  grid.left + (index % grid.columns) * grid.cellWidth,
  grid.compact
    ? 16 + Math.floor(index / grid.columns) * grid.cellHeight
    : Math.floor(index / grid.columns) * grid.cellHeight,
];

/** Axes that share their numbers: at the left of the first column and below the last cell of each column. */
const drawSharedAxes = (group: Group, grid: Grid, view: SpectrumView, index: number): void => {
  const { panel, columns } = grid;
  if (index % columns === 0) drawLeftAxis(group, panel.ticksY, panel.width, '');
  if (index === 0) {
    const quantity = group.append('text').attr('class', 'quantity').attr('x', -48).attr('y', -24);
    quantity.text(view.quantity);
  }
  if (index + columns >= view.series.length) {
    drawBottomAxis(group, panel.ticksX, panel.width, panel.height, index % columns === 0 ? 'k' : '');
  }
  group.append('path').attr('class', 'outline').attr('d', `M0,0V${panel.height}H${panel.width}`);
};

/** One small panel per layer on the same axes; even smaller beyond 24 layers, so that hundreds fit on a page. */
export const drawMultiples = (
  frame: Frame,
  view: SpectrumView,
  summary: string,
  style: (index: number) => LineStyle,
): Picture => {
  const { series } = view;
  const grid = gridOf(view, frame.width());
  const svg: Drawing = frame.draw(grid.height, summary);
  const { panel, compact, inset } = grid;
  const [hovered, chosen] = [svg.append('rect'), svg.append('rect')];
  const names = series.map(({ layer, values }, index) => {
    const [x, y] = cornerOf(grid, index);
    const group = svg.append('g').attr('transform', `translate(${x + inset.left},${y + inset.top})`);
    if (compact) drawSharedAxes(group, grid, view, index);
    else drawAxes(group, panel, index === 0 ? view.quantity : '');
    drawBaseline(group, panel, view.baseline(index));
    const { colour, dash } = style(index);
    group
      .append('path')
      .attr('class', 'line')
      .attr('d', pathOf(panel.place(curveOf(values), 0.5)))
      .attr('stroke-dasharray', dash || null)
      .style('stroke', colour);
    // A bold name is wider.
    const letters = Math.floor((grid.cellWidth - inset.left) / (1.1 * textWidth('m', FONT_SIZE)));
    const name = group.append('text').attr('class', 'name');
    return name.attr('y', compact ? -6 : -26).text(shorten(layer, letters));
  });
  const mark = (rect: typeof chosen, index: number, kind: string): void => {
    const [x, y] = index < 0 ? [0, 0] : cornerOf(grid, index);
    rect
      .attr('class', kind)
      .attr('x', x)
      .attr('y', y)
      .attr('width', index < 0 ? 0 : grid.cellWidth - 2)
      .attr('height', index < 0 ? 0 : grid.cellHeight - 2);
  };
  let selected = -1;
  return {
    svg,
    at: (x, y) => {
      const column = Math.floor((x - grid.left) / grid.cellWidth);
      const row = Math.floor((y - cornerOf(grid, 0)[1]) / grid.cellHeight);
      const index = row * grid.columns + column;
      const inside = column >= 0 && column < grid.columns && row >= 0 && index < series.length;
      return inside ? index : -1;
    },
    hover: (index) => mark(hovered, index === selected ? -1 : index, 'outline'),
    select: (index) => {
      names[selected]?.classed('selected', false);
      names[index]?.classed('selected', true);
      selected = index;
      mark(chosen, index, 'column selected');
    },
    reveal: () => chosen.node()?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  };
};

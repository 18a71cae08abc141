import type { LayerLabel } from '../../src/protocol/messages.ts';
import { pathOf } from '../series/linePath.ts';
import { fittingName } from '../series/nameLayout.ts';
import type { SpectrumView } from '../series/spectrumView.ts';
import { valuesAtK } from '../series/valuesAtK.ts';
import { drawBottomAxis, drawLeftAxis } from './axis.ts';
import { drawBaseline } from './baseline.ts';
import type { Drawing, Frame, Group } from './frame.ts';
import { cornerOf, type Grid, gridOf } from './multiplesGrid.ts';
import { drawAxes, type LineStyle, type Picture } from './spectrumPanel.ts';
import { curveOf } from './spectrumScales.ts';

/** Axes that share their numbers: at the left of the first column and below the last cell of each column. */
const drawSharedAxes = (group: Group, grid: Grid, view: SpectrumView, index: number): void => {
  const { panel, columns } = grid;
  if (index % columns === 0) drawLeftAxis(group, panel.ticksY, panel.width, '');
  if (index === 0) {
    const quantity = group.append('text').attr('class', 'quantity').attr('x', -48).attr('y', -24);
    quantity.text(view.quantity);
  }
  if (index + columns >= view.series.length) {
    drawBottomAxis(group, panel.ticksX, panel.width, panel.height, index % columns === 0 ? panel.index : '');
  }
  group.append('path').attr('class', 'outline').attr('d', `M0,0V${panel.height}H${panel.width}`);
};

/** One small panel per layer on the same axes; even smaller beyond 24 layers, so that hundreds fit on a page. */
export const drawMultiples = (
  frame: Frame,
  view: SpectrumView,
  summary: string,
  labels: readonly LayerLabel[],
  style: (index: number) => LineStyle,
): Picture => {
  const { series } = view;
  const grid = gridOf(view, frame.width());
  const svg: Drawing = frame.draw(grid.height, summary);
  const { panel, compact, inset } = grid;
  const [hovered, chosen] = [svg.append('rect'), svg.append('rect')];
  const names = series.map(({ values }, index) => {
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
    const name = group.append('text').attr('class', 'name');
    name.attr('y', compact ? -6 : -26).text(fittingName(labels[index], grid.cellWidth - inset.left - 4));
    name.append('title').text(labels[index].name);
    return name;
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
  const at = (x: number, y: number): number => {
    const column = Math.floor((x - grid.left) / grid.cellWidth);
    const row = Math.floor((y - cornerOf(grid, 0)[1]) / grid.cellHeight);
    const index = row * grid.columns + column;
    const inside = column >= 0 && column < grid.columns && row >= 0 && index < series.length;
    return inside ? index : -1;
  };
  let selected = -1;
  return {
    svg,
    at,
    values: (x, y) => {
      const here = at(x, y);
      if (here < 0) return null;
      const k = panel.kAt(x - cornerOf(grid, here)[0] - inset.left);
      return valuesAtK(
        series,
        k,
        (index) => index === here,
        () => 0,
      );
    },
    hide: () => {},
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

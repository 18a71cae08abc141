import { formatNumber } from '../series/format.ts';
import type { WeightCell } from '../series/weights.ts';
import type { Group } from './frame.ts';
import { inkOn, viridis } from './palette.ts';

/** One cell of the heatmap: colour and number, or hatching, or a dash; theory as a disc on the same scale. */
export const drawCell = (
  group: Group,
  cell: WeightCell | null,
  width: number,
  height: number,
  largest: number,
  hatching: string,
): void => {
  const box = group.append('rect').attr('width', width).attr('height', height);
  if (!cell) {
    box.attr('class', 'outline');
    group
      .append('text')
      .attr('x', width / 2)
      .attr('y', height / 2)
      .attr('dy', '0.32em')
      .attr('text-anchor', 'middle')
      .text('–');
    return;
  }
  const colour = viridis(cell.weight / largest);
  box.attr('fill', colour);
  if (cell.absent) {
    group.append('rect').attr('width', width).attr('height', height).attr('fill', hatching);
  } else if (width >= 38) {
    group
      .append('text')
      .attr('class', 'value')
      .attr('x', cell.theory === null ? width / 2 : 4)
      .attr('y', height / 2)
      .attr('dy', '0.32em')
      .attr('text-anchor', cell.theory === null ? 'middle' : 'start')
      .attr('fill', inkOn(colour))
      .text(formatNumber(cell.weight, 2));
  }
  if (cell.theory !== null) {
    const radius = Math.min(6, width / 3);
    group
      .append('circle')
      .attr('cx', width - radius - 3)
      .attr('cy', height / 2)
      .attr('r', radius)
      .attr('fill', viridis(cell.theory / largest))
      .attr('stroke', inkOn(colour))
      .attr('stroke-width', 0.75);
  }
};

import type { Group } from './frame.ts';

const STEPS = 40;

/** The scale of a heatmap, with its ends, below or beside it; `width` px wide and about 30 high. */
export const drawColourBar = (
  group: Group,
  colour: (fraction: number) => string,
  width: number,
  ends: readonly [string, string],
  quantity: string,
): void => {
  for (let step = 0; step < STEPS; step++) {
    group
      .append('rect')
      .attr('x', (step * width) / STEPS)
      .attr('width', width / STEPS + 0.5)
      .attr('height', 10)
      .attr('fill', colour((step + 0.5) / STEPS));
  }
  group.append('rect').attr('class', 'outline').attr('width', width).attr('height', 10);
  group.append('text').attr('y', 23).text(ends[0]);
  group.append('text').attr('x', width).attr('y', 23).attr('text-anchor', 'end').text(ends[1]);
  group
    .append('text')
    .attr('class', 'quantity')
    .attr('x', width + 10)
    .attr('y', 9)
    .text(quantity);
};

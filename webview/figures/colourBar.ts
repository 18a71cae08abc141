import type { Group } from './frame.ts';

const STEPS = 40;

/** `colour` in 256 precomputed shades, so that many cells are coloured quickly. */
export const inShades = (colour: (fraction: number) => string): ((fraction: number) => string) => {
  const shades = Array.from({ length: 256 }, (_, shade) => colour(shade / 255));
  return (fraction) => shades[Math.round(255 * Math.max(0, Math.min(1, fraction)))];
};

/**
 * The scale of a heatmap, with its ends, and its quantity below them; the bar is `width` px wide, and
 * everything 42 px high.
 */
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
  group.append('text').attr('class', 'quantity').attr('y', 38).text(quantity);
};

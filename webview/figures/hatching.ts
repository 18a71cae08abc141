import type { Drawing } from './frame.ts';

let serial = 0;

/** Defines diagonal hatching in the drawing; returns the paint to fill with. */
export const drawHatching = (svg: Drawing): string => {
  const id = `hatching-${++serial}`;
  const pattern = svg
    .append('defs')
    .append('pattern')
    .attr('id', id)
    .attr('width', 6)
    .attr('height', 6)
    .attr('patternUnits', 'userSpaceOnUse')
    .attr('patternTransform', 'rotate(45)');
  pattern.append('rect').attr('class', 'hatch-ground').attr('width', 6).attr('height', 6);
  pattern.append('rect').attr('class', 'hatch-line').attr('width', 1.6).attr('height', 6);
  return `url(#${id})`;
};

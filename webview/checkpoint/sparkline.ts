import { line, select } from 'd3';
import { PAIR_STYLE } from '../figures/pairStyle.ts';

const [WIDTH, HEIGHT, PAD] = [86, 18, 2];
/** Share of the largest value at the bottom. */
const FLOOR = 1e-3;

/** Singular values as a line of a few px: each relative to its largest, on a logarithmic axis. */
export const sparkline = (spectra: readonly (readonly number[])[]): SVGSVGElement => {
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.attr('class', 'spark').attr('width', WIDTH).attr('height', HEIGHT).attr('aria-hidden', 'true');
  spectra.forEach((values, place) => {
    const largest = values[0] ?? 0;
    if (!(largest > 0)) return;
    const { colour, dash } = PAIR_STYLE[place];
    const count = Math.min(values.length, WIDTH);
    const points = Array.from({ length: count }, (_, index): [number, number] => {
      const at = count === 1 ? 0 : Math.round((index * (values.length - 1)) / (count - 1));
      const depth = Math.log(Math.max(FLOOR, values[at] / largest)) / Math.log(FLOOR);
      const x = count === 1 ? PAD : PAD + (index * (WIDTH - 2 * PAD)) / (count - 1);
      return [x, PAD + depth * (HEIGHT - 2 * PAD)];
    });
    svg
      .append('path')
      .attr('class', 'line')
      .attr('d', line().digits(1)(points))
      .attr('stroke-dasharray', place === 0 ? null : dash)
      .style('stroke', colour);
  });
  return svg.node() as SVGSVGElement;
};

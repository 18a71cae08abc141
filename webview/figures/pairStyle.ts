import { select } from 'd3';
import { element } from './element.ts';
import { css, SERIES_COLOURS } from './palette.ts';
import type { LineStyle } from './spectrumPanel.ts';

/** The two compared items differ in colour, dash and mark. */
export const PAIR_STYLE: readonly [LineStyle, LineStyle] = [
  { colour: css(SERIES_COLOURS[0]), dash: '' },
  { colour: css(SERIES_COLOURS[1]), dash: '6 3' },
];

/** A legend entry of the two: a line for spectra, or a mark, filled for the first and open for the second. */
export const pairEntry = (place: 0 | 1, name: string, kind: 'line' | 'mark'): HTMLElement => {
  const { colour, dash } = PAIR_STYLE[place];
  const entry = element('span', { class: 'entry' });
  const svg = select(entry).append('svg').attr('width', 26).attr('height', 12).attr('aria-hidden', 'true');
  if (kind === 'line') {
    const line = svg.append('line').attr('class', 'line').attr('x2', 26).attr('y1', 6).attr('y2', 6);
    line.attr('stroke-dasharray', dash || null).style('stroke', colour);
  } else {
    const dot = svg.append('circle').attr('class', place === 0 ? 'dot' : 'marker open');
    dot.attr('cx', 13).attr('cy', 6).attr('r', 4).style('stroke', colour);
    dot.style('fill', place === 0 ? colour : 'none');
  }
  entry.append(name);
  return entry;
};

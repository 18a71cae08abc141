import { select } from 'd3';
import type { Curve } from '../series/spectrumView.ts';
import { element } from './element.ts';
import type { Group } from './frame.ts';
import { type Panel, pathOf } from './spectrumPanel.ts';

/** Round dots in the text colour: no layer looks like this. */
const dotted = (group: Group, path: string | null): void => {
  group
    .append('path')
    .attr('d', path)
    .attr('fill', 'none')
    .attr('stroke-dasharray', '0 5')
    .attr('stroke-linecap', 'round')
    .attr('stroke-width', 2.4)
    .attr('pointer-events', 'none')
    .style('stroke', 'var(--pentimento-foreground)');
};

/** Px between the points of a baseline, which is smooth. */
const STEP = 2;

export const drawBaseline = (group: Group, panel: Panel, curve: Curve | null): void => {
  if (curve) dotted(group, pathOf(panel.place(curve, STEP)));
};

/** The legend entry for the dots; without `drawn`, only the words. */
export const baselineEntry = (words: string, drawn: boolean): HTMLElement => {
  const entry = element('span', { class: drawn ? 'entry' : 'entry note' });
  if (drawn) {
    const swatch = select(entry).append('svg').attr('width', 26).attr('height', 10);
    dotted(swatch.attr('aria-hidden', 'true').append('g') as Group, 'M3,5H26');
  }
  entry.append(words);
  return entry;
};

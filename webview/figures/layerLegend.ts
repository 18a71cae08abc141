import * as l10n from '@vscode/l10n';
import { select } from 'd3';
import { cutLabel, type LayerLabel } from '../../src/protocol/messages.ts';
import { MANY_LAYERS, type SpectrumSeries } from '../series/spectra.ts';
import { element, fill } from './element.ts';
import { css, depthColour, PART_DASH } from './palette.ts';
import type { LineStyle } from './spectrumPanel.ts';

const RAMP = { width: 120, steps: 24 };

/** Characters of a name in a legend. */
const LIMIT = 40;

/** Entries that follow the selected layer without being rebuilt. */
export interface LayerLegend {
  readonly entries: readonly HTMLElement[];
  select(index: number): void;
}

/** The lines that a legend explains. */
interface LegendLines {
  readonly series: readonly SpectrumSeries[];
  readonly labels: readonly LayerLabel[];
  style(index: number): LineStyle;
  isHidden(index: number): boolean;
  /** Hides a line, or shows it again. */
  toggle(index: number): void;
}

const swatch = ({ colour, dash }: LineStyle): SVGSVGElement => {
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.attr('width', 26).attr('height', 10).attr('aria-hidden', 'true');
  svg
    .append('line')
    .attr('class', 'line')
    .attr('x2', 26)
    .attr('y1', 5)
    .attr('y2', 5)
    .attr('stroke-dasharray', dash || null)
    .style('stroke', colour);
  return svg.node() as SVGSVGElement;
};

/** A button per layer, with its swatch and name, that hides its line or shows it again. */
const entryLegend = ({ labels, style, isHidden, toggle }: LegendLines): LayerLegend => {
  const entries = labels.map((label, index) => {
    const attributes = { type: 'button', class: 'entry', title: label.name };
    const entry = element('button', attributes, swatch(style(index)), cutLabel(label, LIMIT));
    const show = (): void => {
      entry.setAttribute('aria-pressed', String(!isHidden(index)));
      // Like a hint, it is not part of an exported picture.
      entry.classList.toggle('hint', isHidden(index));
    };
    entry.addEventListener('click', () => {
      toggle(index);
      show();
    });
    show();
    return entry;
  });
  let selected = -1;
  const mark = (index: number, on: boolean): void => {
    entries[index]?.classList.toggle('selected', on);
    entries[index]?.querySelector('.line')?.classList.toggle('strong', on);
  };
  const hint = element('span', { class: 'hint' }, l10n.t('Select a name to hide or show its line.'));
  return {
    entries: entries.length === 0 ? [] : [...entries, hint],
    select: (index) => {
      mark(selected, false);
      mark(index, true);
      selected = index;
    },
  };
};

const depthRamp = (): SVGSVGElement => {
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.attr('width', RAMP.width).attr('height', 10).attr('aria-hidden', 'true');
  const step = RAMP.width / RAMP.steps;
  for (let index = 0; index < RAMP.steps; index++) {
    svg
      .append('rect')
      .attr('x', index * step)
      .attr('width', step + 0.5)
      .attr('height', 10)
      .style('fill', css(depthColour((index + 0.5) / RAMP.steps)));
  }
  return svg.node() as SVGSVGElement;
};

/** A ramp with the first and the last layer, the dash of each part, and the selected layer. */
const rampLegend = ({ series, labels, style }: LegendLines): LayerLegend => {
  const ends = [labels[0], labels[labels.length - 1]].map((label) => cutLabel(label, LIMIT));
  const depth = element('span', { class: 'entry' }, depthRamp(), ends.join(' → '));
  const parts = [...new Set(series.map(({ part }) => part))].map((part) =>
    element('span', { class: 'entry' }, swatch({ colour: 'currentColor', dash: PART_DASH[part] }), part),
  );
  const chosen = element('span', { class: 'entry selected' });
  return {
    entries: [depth, ...parts, chosen],
    select: (index) => {
      chosen.title = labels[index]?.name ?? '';
      fill(chosen, index < 0 ? [] : [swatch(style(index)), cutLabel(labels[index], LIMIT)]);
    },
  };
};

/** An entry per layer or, if there are many, one ramp of depth for all. */
export const layerLegend = (lines: LegendLines): LayerLegend =>
  lines.series.length > MANY_LAYERS ? rampLegend(lines) : entryLegend(lines);

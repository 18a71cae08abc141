import { select } from 'd3';
import { MANY_LAYERS, type SpectrumSeries } from '../series/spectra.ts';
import { element, fill } from './element.ts';
import type { LayerSelection } from './layerSelection.ts';
import { css, depthColour, PART_DASH } from './palette.ts';
import type { LineStyle } from './spectrumPanel.ts';

const RAMP = { width: 120, steps: 24 };

/** Entries that follow the selected layer without being rebuilt. */
export interface LayerLegend {
  readonly entries: readonly HTMLElement[];
  select(index: number): void;
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

/** One swatch and name per layer; a click selects it. By keyboard the arrows over the picture do the same. */
const entryLegend = (
  series: readonly SpectrumSeries[],
  style: (index: number) => LineStyle,
  selection: LayerSelection,
): LayerLegend => {
  const entries = series.map(({ layer }, index) => {
    const entry = element('span', { class: 'entry pickable' }, swatch(style(index)), layer);
    entry.addEventListener('click', () => selection.select(layer === selection.current() ? null : layer));
    return entry;
  });
  let selected = -1;
  const mark = (index: number, on: boolean): void => {
    entries[index]?.classList.toggle('selected', on);
    entries[index]?.querySelector('.line')?.classList.toggle('strong', on);
  };
  return {
    entries,
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
const rampLegend = (series: readonly SpectrumSeries[], style: (index: number) => LineStyle): LayerLegend => {
  const ends = [series[0].layer, series[series.length - 1].layer];
  const depth = element('span', { class: 'entry' }, depthRamp(), ends.join(' → '));
  const parts = [...new Set(series.map(({ part }) => part))].map((part) =>
    element('span', { class: 'entry' }, swatch({ colour: 'currentColor', dash: PART_DASH[part] }), part),
  );
  const chosen = element('span', { class: 'entry selected' });
  return {
    entries: [depth, ...parts, chosen],
    select: (index) => {
      fill(chosen, index < 0 ? [] : [swatch(style(index)), series[index].layer]);
    },
  };
};

/** An entry per layer or, if there are many, one ramp of depth for all. */
export const layerLegend = (
  series: readonly SpectrumSeries[],
  style: (index: number) => LineStyle,
  selection: LayerSelection,
): LayerLegend =>
  series.length > MANY_LAYERS ? rampLegend(series, style) : entryLegend(series, style, selection);

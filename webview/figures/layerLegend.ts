import { select } from 'd3';
import { element } from './element.ts';
import type { LayerSelection } from './layerSelection.ts';

/** One swatch and name per layer; a click selects it. By keyboard the arrows over the picture do the same. */
export const drawLayerLegend = (
  legend: HTMLElement,
  series: readonly { readonly layer: string }[],
  style: (layer: string) => { colour: string; dash: string },
  selection: LayerSelection,
): void => {
  legend.replaceChildren(
    ...series.map(({ layer }) => {
      const selected = layer === selection.current();
      const entry = element('span', { class: selected ? 'entry pickable selected' : 'entry pickable' });
      select(entry)
        .append('svg')
        .attr('width', 26)
        .attr('height', 10)
        .attr('aria-hidden', 'true')
        .append('line')
        .attr('class', selected ? 'line strong' : 'line')
        .attr('x2', 26)
        .attr('y1', 5)
        .attr('y2', 5)
        .attr('stroke-dasharray', style(layer).dash || null)
        .style('stroke', style(layer).colour);
      entry.append(layer);
      entry.addEventListener('click', () => selection.select(selected ? null : layer));
      return entry;
    }),
  );
};

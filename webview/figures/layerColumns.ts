import type { ScalePoint } from 'd3';
import type { Frame, Group } from './frame.ts';
import type { LayerSelection } from './layerSelection.ts';

/** One strip per layer behind a plot: it selects and explains its layer, and the selected one is shaded. */
export const drawLayerColumns = (
  group: Group,
  x: ScalePoint<string>,
  height: number,
  frame: Frame,
  selection: LayerSelection,
  lines: (index: number) => readonly string[],
): void => {
  x.domain().forEach((layer, index) => {
    const column = group
      .append('rect')
      .attr('class', layer === selection.current() ? 'column selected' : 'column')
      .attr('x', (x(layer) ?? 0) - x.step() / 2)
      .attr('width', x.step())
      .attr('height', height)
      .on('click', () => selection.select(layer));
    frame.explain(column.node() as SVGRectElement, () => lines(index));
  });
};

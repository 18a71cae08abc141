import type { ScalePoint } from 'd3';
import { columnNameMark, drawNames, FONT_SIZE, type NameAxis } from './axis.ts';
import type { Group } from './frame.ts';

/** Distance between slanted names in px. */
const SPACING = 1.6 * FONT_SIZE;

/**
 * Names of the layers below a plot, thinned to those that fit; the selected one is always shown, instead of
 * its neighbours.
 */
export const drawLayerNames = (
  group: Group,
  x: ScalePoint<string>,
  layout: NameAxis,
  onSelect: (layer: string) => void,
): ((index: number) => void) => {
  const ticks = x.domain().map((label) => ({ position: x(label) ?? 0, label }));
  const stride = layout.slanted ? Math.max(1, Math.ceil(SPACING / x.step())) : 1;
  const shown = ticks.filter((_, index) => index % stride === 0);
  const names = group.append('g');
  drawNames(names, shown, layout, (index) => onSelect(shown[index].label));
  const texts = names.selectAll<SVGTextElement, unknown>('text').nodes();
  const mark = columnNameMark(group, ticks, layout);
  let hidden: SVGTextElement[] = [];
  return (index) => {
    for (const text of hidden) text.removeAttribute('visibility');
    hidden = texts.filter(
      (_, place) =>
        index >= 0 &&
        Math.abs(shown[place].position - ticks[index].position) < (layout.slanted ? SPACING : 1),
    );
    for (const text of hidden) text.setAttribute('visibility', 'hidden');
    mark(index);
  };
};

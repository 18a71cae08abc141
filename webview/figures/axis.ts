import type { Selection } from 'd3';
import { FONT_SIZE, type NameAxis, type PlacedName, placeNames } from '../series/nameLayout.ts';
import { placeNumbers, type Tick } from '../series/ticks.ts';
import type { Group } from './frame.ts';

export { FONT_SIZE, type NameAxis, nameAxis } from '../series/nameLayout.ts';
export { numberTicks } from '../series/ticks.ts';

/** Ticks on the left with light lines across `width`, and the quantity with its unit above them. */
export const drawLeftAxis = (group: Group, ticks: readonly Tick[], width: number, quantity: string): void => {
  const axis = group.append('g').attr('class', 'axis');
  for (const { position, label } of ticks) {
    axis.append('line').attr('class', 'grid').attr('x2', width).attr('y1', position).attr('y2', position);
    axis
      .append('text')
      .attr('x', -6)
      .attr('y', position)
      .attr('dy', '0.32em')
      .attr('text-anchor', 'end')
      .text(label);
  }
  axis.append('text').attr('class', 'quantity').attr('x', -4).attr('y', -10).text(quantity);
};

/** Ticks below, without numbers that would touch their neighbour; the quantity is centred under them. */
export const drawBottomAxis = (
  group: Group,
  ticks: readonly Tick[],
  width: number,
  y: number,
  quantity: string,
): void => {
  const axis = group.append('g').attr('class', 'axis').attr('transform', `translate(0,${y})`);
  axis.append('line').attr('class', 'domain').attr('x2', width);
  for (const { position } of ticks)
    axis.append('line').attr('class', 'domain').attr('x1', position).attr('x2', position).attr('y2', 4);
  for (const { x, label } of placeNumbers(ticks, width, FONT_SIZE))
    axis.append('text').attr('x', x).attr('y', 16).attr('text-anchor', 'middle').text(label);
  axis
    .append('text')
    .attr('class', 'quantity')
    .attr('x', width / 2)
    .attr('y', 32)
    .attr('text-anchor', 'middle')
    .text(quantity);
};

type Name = Selection<SVGTextElement, unknown, null, undefined>;

/** A cut name is whole in its title, which browsers show on hover. */
const writeName = (
  name: Name,
  { labels }: NameAxis,
  { index, text, x, y, angle, align }: PlacedName,
): void => {
  name.attr('text-anchor', align).attr('transform', `translate(${x},${y}) rotate(${angle})`);
  name.text(text).append('title').text(labels[index].name);
};

/** Shows one of the names in bold instead of its neighbours, also one that did not fit; -1 shows none. */
export type NameMark = (index: number) => void;

/** Names along an axis, as many as fit, and the mark that highlights one of them. */
export const drawNames = (
  group: Group,
  positions: readonly number[],
  axis: NameAxis,
  onSelect?: (index: number) => void,
): NameMark => {
  const drawn = new Map<number, { readonly name: Name; readonly text: string }>();
  const draw = (placed: PlacedName): void => {
    const { index, text } = placed;
    const known = drawn.get(index);
    // A mark moves often, and leaves most names as they are.
    if (known?.text === text) return;
    const name = known?.name ?? group.append('text').attr('class', 'name');
    writeName(name, axis, placed);
    if (!known && onSelect) name.classed('pickable', true).on('click', () => onSelect(index));
    drawn.set(index, { name, text });
  };
  let marked = -1;
  const mark: NameMark = (next) => {
    drawn.get(marked)?.name.classed('selected', false);
    marked = next < positions.length ? next : -1;
    const placed = placeNames(axis, positions, marked);
    const shown = new Set(placed.map(({ index }) => index));
    for (const [index, { name }] of drawn) {
      if (shown.has(index)) continue;
      name.remove();
      drawn.delete(index);
    }
    placed.forEach(draw);
    drawn.get(marked)?.name.classed('selected', true);
  };
  mark(-1);
  return mark;
};

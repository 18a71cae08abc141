import type { Selection } from 'd3';
import {
  FONT_SIZE,
  type NameAxis,
  type PlacedName,
  placeName,
  placeNames,
  wouldTouch,
} from '../series/nameLayout.ts';
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

/** Cut names are whole in their title, which browsers show on hover. */
const writeName = (
  name: Name,
  { labels }: NameAxis,
  { index, text, x, y, angle, align }: PlacedName,
): Name => {
  name.attr('text-anchor', align).attr('transform', `translate(${x},${y}) rotate(${angle})`);
  name.text(text).append('title').text(labels[index].name);
  return name;
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
  const append = (): Name => group.append('text').attr('class', 'name');
  const shown = placeNames(axis, positions);
  const names = shown.map((placed) => {
    const name = writeName(append(), axis, placed);
    if (onSelect) name.classed('pickable', true).on('click', () => onSelect(placed.index));
    return name;
  });
  const mark = append().classed('selected', true).attr('visibility', 'hidden');
  let marked = -1;
  if (onSelect) mark.classed('pickable', true).on('click', () => onSelect(marked));
  let covered: Name[] = [];
  return (index) => {
    marked = index;
    for (const name of covered) name.attr('visibility', null);
    const chosen = index >= 0 && index < positions.length;
    covered = names.filter((_, place) => {
      const here = shown[place].index;
      return chosen && (here === index || wouldTouch(axis, positions[here], positions[index]));
    });
    for (const name of covered) name.attr('visibility', 'hidden');
    mark.attr('visibility', chosen ? 'visible' : 'hidden');
    if (chosen) writeName(mark, axis, placeName(axis, positions, index));
  };
};

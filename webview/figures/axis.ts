import { formatNumber, shorten, textWidth } from '../series/format.ts';
import { linearTicks, logTicks } from '../series/ticks.ts';
import type { Group } from './frame.ts';

export const FONT_SIZE = 11;
/** Characters of a layer's name on an axis; the whole name is in the tooltip and the table. */
const NAME_LIMIT = 20;

export interface Tick {
  readonly position: number;
  readonly label: string;
  readonly strong?: boolean;
}

export const numberTicks = (
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  scale: (value: number) => number,
  count: number,
  format: (value: number) => string = formatNumber,
): Tick[] => {
  const logarithmic = kind === 'log' ? logTicks(domain[0], domain[1], count) : [];
  // Less than a decade may hold one power of ten or none.
  const values = logarithmic.length > 2 ? logarithmic : linearTicks(domain[0], domain[1], count);
  return values.map((value) => ({ position: scale(value), label: format(value) }));
};

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

/** Ticks below, numbers that would touch their neighbour left out; the quantity under their middle. */
export const drawBottomAxis = (
  group: Group,
  ticks: readonly Tick[],
  width: number,
  y: number,
  quantity: string,
): void => {
  const axis = group.append('g').attr('class', 'axis').attr('transform', `translate(0,${y})`);
  axis.append('line').attr('class', 'domain').attr('x2', width);
  let free = Number.NEGATIVE_INFINITY;
  for (const { position, label } of ticks) {
    axis.append('line').attr('class', 'domain').attr('x1', position).attr('x2', position).attr('y2', 4);
    const half = textWidth(label, FONT_SIZE) / 2;
    if (position - half < free) continue;
    free = position + half + 6;
    axis.append('text').attr('x', position).attr('y', 16).attr('text-anchor', 'middle').text(label);
  }
  axis
    .append('text')
    .attr('class', 'quantity')
    .attr('x', width / 2)
    .attr('y', 32)
    .attr('text-anchor', 'middle')
    .text(quantity);
};

export interface NameAxis {
  readonly slanted: boolean;
  /** Room that the names take below the axis, in px. */
  readonly height: number;
  /** Room to keep free on the left for a first slanted name. */
  readonly overhang: number;
}

/** Names lie flat where all fit in `step` px, and slant where they do not. */
export const nameAxis = (names: readonly string[], step: number): NameAxis => {
  const longest = Math.max(0, ...names.map((name) => textWidth(shorten(name, NAME_LIMIT), FONT_SIZE)));
  if (longest + 8 <= step) return { slanted: false, height: 24, overhang: longest / 2 };
  return { slanted: true, height: 18 + longest * Math.SQRT1_2, overhang: longest * Math.SQRT1_2 };
};

/** Names below an axis of `nameAxis`, the selected one strong. */
export const drawNames = (
  group: Group,
  ticks: readonly Tick[],
  layout: NameAxis,
  onSelect?: (index: number) => void,
): void => {
  ticks.forEach(({ position, label, strong }, index) => {
    const text = group
      .append('text')
      .attr('class', strong ? 'name selected' : 'name')
      .text(shorten(label, NAME_LIMIT));
    if (layout.slanted)
      text.attr('transform', `translate(${position + 4},14) rotate(-45)`).attr('text-anchor', 'end');
    else text.attr('x', position).attr('y', 17).attr('text-anchor', 'middle');
    if (onSelect) text.classed('pickable', true).on('click', () => onSelect(index));
  });
};

/** Names at the left of rows, the selected one strong. */
export const drawRowNames = (
  group: Group,
  ticks: readonly Tick[],
  onSelect: (index: number) => void,
): void => {
  ticks.forEach(({ position, label, strong }, index) => {
    group
      .append('text')
      .attr('class', strong ? 'name pickable selected' : 'name pickable')
      .attr('x', -8)
      .attr('y', position)
      .attr('dy', '0.32em')
      .attr('text-anchor', 'end')
      .text(shorten(label, NAME_LIMIT))
      .on('click', () => onSelect(index));
  });
};

/** Room that `drawRowNames` takes, in px; a strong name is wider. */
export const rowNamesWidth = (names: readonly string[]): number =>
  1.08 * Math.max(40, ...names.map((name) => textWidth(shorten(name, NAME_LIMIT), FONT_SIZE))) + 12;

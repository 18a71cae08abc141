import type { Selection } from 'd3';
import { formatNumber, shorten, textWidth } from '../series/format.ts';
import { linearTicks, logTicks } from '../series/ticks.ts';
import type { Group } from './frame.ts';

export const FONT_SIZE = 11;
/** Characters of a layer's name on an axis; the whole name is in the tooltip and the table. */
const NAME_LIMIT = 20;
/** How much wider a bold name is. */
const STRONG = 1.08;

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
  // Less than a decade may contain one power of ten or none.
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
  /** Height of the names below the axis, in px. */
  readonly height: number;
  /** Room to keep free on the left for a first slanted name. */
  readonly overhang: number;
}

const longestOf = (names: readonly string[], least: number): number =>
  names.reduce((most, name) => Math.max(most, textWidth(shorten(name, NAME_LIMIT), FONT_SIZE)), least);

/** Names are horizontal if all fit in `step` px, and slanted otherwise. */
export const nameAxis = (names: readonly string[], step: number): NameAxis => {
  const longest = longestOf(names, 0);
  if (longest + 8 <= step) return { slanted: false, height: 24, overhang: longest / 2 };
  return { slanted: true, height: 18 + longest * Math.SQRT1_2, overhang: longest * Math.SQRT1_2 };
};

type Name = Selection<SVGTextElement, unknown, null, undefined>;

/** How a name is anchored: by its end or its middle; rotated if names are slanted. */
interface Anchor {
  readonly transform: (position: number) => string;
  readonly align: 'end' | 'middle';
  /** Distance between names, so that they do not touch. */
  readonly spacing: number;
}

const ROW_ANCHOR: Anchor = {
  transform: (position) => `translate(-8,${position + 0.32 * FONT_SIZE})`,
  align: 'end',
  spacing: FONT_SIZE + 1,
};
const FLAT_ANCHOR: Anchor = {
  transform: (position) => `translate(${position},17)`,
  align: 'middle',
  spacing: 0,
};
const SLANTED_ANCHOR: Anchor = {
  transform: (position) => `translate(${position + 4},14) rotate(-45)`,
  align: 'end',
  spacing: 1.35 * FONT_SIZE,
};

const anchorOf = (layout: NameAxis): Anchor => (layout.slanted ? SLANTED_ANCHOR : FLAT_ANCHOR);

const drawName = (group: Group, label: string, { align }: Anchor): Name =>
  group.append('text').attr('class', 'name').attr('text-anchor', align).text(shorten(label, NAME_LIMIT));

/** Leaves out a name that would touch the previous one. */
const drawAlong = (
  group: Group,
  ticks: readonly Tick[],
  anchor: Anchor,
  onSelect?: (index: number) => void,
): void => {
  let free = Number.NEGATIVE_INFINITY;
  ticks.forEach(({ position, label, strong }, index) => {
    if (position < free) return;
    free = position + anchor.spacing;
    const name = drawName(group, label, anchor).attr('transform', anchor.transform(position));
    if (strong) name.classed('selected', true);
    if (onSelect) name.classed('pickable', true).on('click', () => onSelect(index));
  });
};

/** Names below an axis of `nameAxis`, the selected one bold; as many as fit. */
export const drawNames = (
  group: Group,
  ticks: readonly Tick[],
  layout: NameAxis,
  onSelect?: (index: number) => void,
): void => drawAlong(group, ticks, anchorOf(layout), onSelect);

/** Names to the left of rows, the selected one bold; as many as fit. */
export const drawRowNames = (group: Group, ticks: readonly Tick[], onSelect: (index: number) => void): void =>
  drawAlong(group, ticks, ROW_ANCHOR, onSelect);

/** Shows one of the names in bold over the others, including one that did not fit; -1 shows none. */
export type NameMark = (index: number) => void;

const drawNameMark = (group: Group, ticks: readonly Tick[], anchor: Anchor): NameMark => {
  const mark = group.append('g').attr('class', 'name-mark');
  const ground = mark
    .append('rect')
    .attr('class', 'ground')
    .attr('y', -FONT_SIZE)
    .attr('height', FONT_SIZE + 4);
  const name = drawName(mark, '', anchor).classed('selected', true);
  return (index) => {
    const tick = ticks[index];
    mark.attr('visibility', tick ? 'visible' : 'hidden');
    if (!tick) return;
    const label = shorten(tick.label, NAME_LIMIT);
    const width = STRONG * textWidth(label, FONT_SIZE);
    mark.attr('transform', anchor.transform(tick.position));
    ground.attr('x', anchor.align === 'end' ? -width : -width / 2).attr('width', width);
    name.text(label);
  };
};

export const columnNameMark = (group: Group, ticks: readonly Tick[], layout: NameAxis): NameMark =>
  drawNameMark(group, ticks, anchorOf(layout));

export const rowNameMark = (group: Group, ticks: readonly Tick[]): NameMark =>
  drawNameMark(group, ticks, ROW_ANCHOR);

/** Width that `drawRowNames` needs, in px. */
export const rowNamesWidth = (names: readonly string[]): number => STRONG * longestOf(names, 40) + 12;

import { area, line, select, symbol } from 'd3';
import type { Group } from './frame.ts';
import { css, type SeriesStyle, seriesStyle } from './palette.ts';

/** Px between the marks of a series whose layers are too close for a mark each. */
const MARK_SPACING = 70;

/** Whether layers `step` px apart are too close for whiskers; intervals are bands then. */
export const isDense = (step: number): boolean => step < 10;

/** A value at a layer and its interval, in px of the plot. */
export interface PlacedValue {
  readonly x: number;
  /** Null without a value. */
  readonly y: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

/** A band from one end of each interval to the other. */
export const drawBand = (group: Group, { colour }: SeriesStyle, values: readonly PlacedValue[]): void => {
  const shape = area<PlacedValue>()
    .defined(({ interval }) => interval !== null)
    .x(({ x }) => x)
    .y0(({ interval }) => interval?.[0] ?? 0)
    .y1(({ interval }) => interval?.[1] ?? 0);
  group.append('path').attr('class', 'band').attr('d', shape(values)).style('fill', css(colour));
};

/** A line through the values, broken where there is none. */
export const drawLine = (
  group: Group,
  { colour }: SeriesStyle,
  values: readonly PlacedValue[],
  name: string,
  dash = 'none',
): void => {
  const path = line<PlacedValue>()
    .defined(({ y }) => y !== null)
    .x(({ x }) => x)
    .y(({ y }) => y ?? 0);
  const drawn = group.append('path').attr('class', name).attr('d', path(values));
  drawn.attr('stroke-dasharray', dash).style('stroke', css(colour));
};

const drawWhisker = (
  group: Group,
  { colour }: SeriesStyle,
  x: number,
  [low, high]: readonly [number, number],
): void => {
  const whisker = group.append('path').attr('class', 'whisker').style('stroke', css(colour));
  whisker.attr('d', `M${x},${low}V${high}M${x - 3},${low}h6M${x - 3},${high}h6`);
};

const drawMark = (group: Group, style: SeriesStyle, x: number, y: number, isOpen: boolean): void => {
  const fill = css(style.colour);
  group
    .append('path')
    .attr('class', isOpen ? 'marker open' : 'marker')
    .attr('d', symbol(style.marker, isOpen ? 30 : 48)())
    .attr('transform', `translate(${x},${y})`)
    .style('stroke', fill)
    .style('fill', isOpen ? 'var(--pentimento-background)' : fill);
};

/**
 * Values by layer as a line with marks and the intervals as whiskers, or as a band with few marks where layers are
 * `step` px apart and that is too close; a second line of a series is dashed with open marks.
 */
export const drawIntervalLine = (
  group: Group,
  style: SeriesStyle,
  values: readonly PlacedValue[],
  step: number,
  isSecond = false,
): void => {
  drawLine(group, style, values, 'line', isSecond ? '5 4' : 'none');
  const dense = isDense(step);
  if (dense) drawBand(group, style, values);
  const stride = dense ? Math.ceil(MARK_SPACING / step) : 1;
  values.forEach(({ x, y, interval }, place) => {
    if (y === null || place % stride !== 0) return;
    if (interval && !dense) drawWhisker(group, style, x, interval);
    drawMark(group, style, x, y, isSecond);
  });
};

/** The line and mark of a series, for legends. */
export const seriesSwatch = (index: number): SVGSVGElement => {
  const { colour, marker } = seriesStyle(index);
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.attr('width', 26).attr('height', 12).attr('aria-hidden', 'true');
  svg
    .append('line')
    .attr('class', 'line')
    .attr('x2', 26)
    .attr('y1', 6)
    .attr('y2', 6)
    .style('stroke', css(colour));
  svg
    .append('path')
    .attr('d', symbol(marker, 48)())
    .attr('transform', 'translate(13,6)')
    .style('fill', css(colour));
  return svg.node() as SVGSVGElement;
};

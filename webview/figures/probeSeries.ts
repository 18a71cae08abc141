import { area, line, symbol } from 'd3';
import type { AccuracyPoint, AccuracySeries } from '../series/accuracy.ts';
import type { Group } from './frame.ts';
import { css, type SeriesStyle, seriesStyle } from './palette.ts';

/** Px between the marks of a series whose layers are too close for a mark each. */
const MARK_SPACING = 70;

/** Whether layers `step` px apart are too close for whiskers; intervals are bands then. */
export const isDense = (step: number): boolean => step < 10;

interface Placed {
  readonly group: Group;
  readonly style: SeriesStyle;
  x(layer: string): number;
  y(value: number): number;
}

type Interval = readonly [number, number];
type Score = (point: AccuracyPoint) => { accuracy: number | null; interval: Interval | null } | null;

const drawBand = (
  { group, style, x, y }: Placed,
  points: readonly AccuracyPoint[],
  interval: (point: AccuracyPoint) => Interval | null,
): void => {
  const shape = area<AccuracyPoint>()
    .defined((point) => interval(point) !== null)
    .x(({ layer }) => x(layer))
    .y0((point) => y(interval(point)?.[0] ?? 0))
    .y1((point) => y(interval(point)?.[1] ?? 0));
  group.append('path').attr('class', 'band').attr('d', shape(points)).style('fill', css(style.colour));
};

const drawLine = (
  { group, style, x, y }: Placed,
  points: readonly AccuracyPoint[],
  score: Score,
  dash: string,
): void => {
  const path = line<AccuracyPoint>()
    .defined((point) => score(point)?.accuracy != null)
    .x(({ layer }) => x(layer))
    .y((point) => y(score(point)?.accuracy ?? 0));
  group
    .append('path')
    .attr('class', 'line')
    .attr('d', path(points))
    .attr('stroke-dasharray', dash)
    .style('stroke', css(style.colour));
};

const drawWhisker = ({ group, style, y }: Placed, here: number, [low, high]: Interval): void => {
  const whisker = group.append('path').attr('class', 'whisker').style('stroke', css(style.colour));
  whisker.attr('d', `M${here},${y(low)}V${y(high)}M${here - 3},${y(low)}h6M${here - 3},${y(high)}h6`);
};

const drawMark = ({ group, style, y }: Placed, here: number, accuracy: number, open: boolean): void => {
  const fill = css(style.colour);
  group
    .append('path')
    .attr('class', open ? 'marker open' : 'marker')
    .attr('d', symbol(style.marker, open ? 30 : 48)())
    .attr('transform', `translate(${here},${y(accuracy)})`)
    .style('stroke', fill)
    .style('fill', open ? 'var(--pentimento-background)' : fill);
};

/** One task: the band of its null, its accuracy and, dashed with open marks, its worst group, with their intervals. */
export const drawSeries = (
  group: Group,
  { points }: AccuracySeries,
  index: number,
  { x, y, step }: Pick<Placed, 'x' | 'y'> & { readonly step: number },
): void => {
  const placed: Placed = { group, style: seriesStyle(index), x, y };
  drawBand(placed, points, ({ shuffled }) => shuffled);
  const whole: Score = ({ evaluation }) => evaluation;
  const worst: Score = ({ evaluation }) => evaluation?.worstGroup ?? null;
  const dense = isDense(step);
  const stride = dense ? Math.ceil(MARK_SPACING / step) : 1;
  for (const score of [whole, worst]) {
    drawLine(placed, points, score, score === whole ? 'none' : '5 4');
    if (dense) drawBand(placed, points, (point) => score(point)?.interval ?? null);
    points.forEach((point, place) => {
      const found = score(point);
      if (found?.accuracy == null || place % stride !== 0) return;
      if (found.interval && !dense) drawWhisker(placed, x(point.layer), found.interval);
      drawMark(placed, x(point.layer), found.accuracy, score === worst);
    });
  }
};

import { line, scaleLinear, scaleLog } from 'd3';
import { formatNumber } from '../series/format.ts';
import { type CurvePoint, envelope, valueRange } from '../series/training.ts';
import { drawLeftAxis, numberTicks } from './axis.ts';
import type { Group } from './frame.ts';
import { type Colour, css } from './palette.ts';

export interface TrainingPanel {
  readonly label: string;
  readonly points: readonly CurvePoint[];
  readonly width: number;
  readonly height: number;
  readonly log: boolean;
  readonly fromZero: boolean;
  readonly ticks: number;
  readonly dash: string | null;
  readonly colour: Colour;
}

/** Px per point for each point to get a dot. */
const DOT_ROOM = 12;

/**
 * One curve over the steps, with its latest value beside its end. Returns a function that moves its cursor;
 * -1 hides it.
 */
export const drawTrainingPanel = (
  group: Group,
  panel: TrainingPanel,
  x: (step: number) => number,
): ((index: number) => void) => {
  const { points, width, height } = panel;
  const domain = valueRange(points, panel.fromZero);
  const log = panel.log && domain[0] > 0;
  const y = (log ? scaleLog() : scaleLinear()).domain(domain).range([height, 0]);
  drawLeftAxis(group, numberTicks(log ? 'log' : 'linear', domain, y, panel.ticks), width, panel.label);
  const path = line<CurvePoint>()
    .digits(1)
    .x(([step]) => x(step))
    .y(([, value]) => y(value));
  group
    .append('path')
    .attr('class', 'line')
    .attr('d', path(envelope(points, width)))
    .attr('stroke-dasharray', panel.dash)
    .style('stroke', css(panel.colour));
  const dots = points.length * DOT_ROOM <= width ? points : points.slice(-1);
  for (const [step, value] of dots) {
    const dot = group.append('circle').attr('class', 'dot').attr('r', 3);
    dot.attr('cx', x(step)).attr('cy', y(value)).style('fill', css(panel.colour));
  }
  const [lastStep, lastValue] = points[points.length - 1];
  group
    .append('text')
    .attr('class', 'latest')
    .attr('x', x(lastStep) + 7)
    .attr('y', y(lastValue))
    .attr('dy', '0.32em')
    .text(formatNumber(lastValue, 3));
  const rule = group.append('line').attr('class', 'cursor').attr('y2', height);
  const ring = group.append('circle').attr('class', 'cursor');
  return (index) => {
    const [step, value] = points[Math.max(0, index)];
    rule
      .attr('x1', x(step))
      .attr('x2', x(step))
      .attr('visibility', index < 0 ? 'hidden' : 'visible');
    ring
      .attr('cx', x(step))
      .attr('cy', y(value))
      .attr('r', index < 0 ? 0 : 3.5);
  };
};

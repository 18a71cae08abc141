import { scaleLinear } from 'd3';
import type { MeasureAxis } from '../series/measures.ts';
import { numberTicks, type Tick } from '../series/ticks.ts';
import type { Group } from './frame.ts';

export interface FittedScale {
  readonly ticks: readonly Tick[];
  /** Where a value is, in px: one of the input that is beyond the axis is at the edge. */
  place(value: number, isInput: boolean): number;
  /** The edge, if the input is beyond the axis. */
  readonly edge: { readonly beyond: 'above' | 'below'; readonly y: number } | null;
}

/** Room for a mark beyond the axis, in px. */
const BEYOND = 18;

/** The scale of an axis over `height` px, with about `count` ticks. */
export const fittedScale = (
  { domain, inputBeyond: beyond }: MeasureAxis,
  height: number,
  count: number,
  format: (value: number) => string,
): FittedScale => {
  const range = [beyond === 'below' ? height - BEYOND : height, beyond === 'above' ? BEYOND : 0];
  const scale = scaleLinear(domain, range).nice(count);
  const [low, high] = scale.domain() as [number, number];
  const edge = beyond === null ? null : { beyond, y: beyond === 'above' ? BEYOND / 2 : height - BEYOND / 2 };
  return {
    ticks: numberTicks('linear', [low, high], scale, count, format),
    place: (value, isInput) =>
      edge !== null && isInput && (value < low || value > high) ? edge.y : scale(value),
    edge,
  };
};

/** An arrow that leaves the axis at the edge, and the number that is there. */
export const drawBeyond = (
  group: Group,
  x: number,
  { beyond, y }: NonNullable<FittedScale['edge']>,
  label: string,
): void => {
  const [tip, back] = beyond === 'above' ? [y - 9, 4] : [y + 9, -4];
  const arrow = `M${x},${y}V${tip}m-3,${back}l3,${-back}l3,${back}`;
  group.append('path').attr('class', 'beyond').attr('d', arrow);
  const number = group.append('text').attr('class', 'quantity').text(label);
  number
    .attr('x', x + 9)
    .attr('y', y)
    .attr('dy', '0.32em');
};

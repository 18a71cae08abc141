import type { AccuracyPoint, AccuracySeries } from '../series/accuracy.ts';
import type { Group } from './frame.ts';
import { drawBand, drawIntervalLine, type PlacedValue } from './intervalLine.ts';
import { seriesStyle } from './palette.ts';

/** Where a series is drawn, in px. */
interface Places {
  x(layer: string): number;
  y(value: number): number;
  /** Px from one layer to the next. */
  readonly step: number;
}

type Interval = readonly [number, number];
type Score = { readonly accuracy: number | null; readonly interval: Interval | null } | null;

/** One task: the band of its null, its accuracy and, dashed with open marks, its worst group, with their intervals. */
export const drawSeries = (
  group: Group,
  { points }: AccuracySeries,
  index: number,
  { x, y, step }: Places,
): void => {
  const style = seriesStyle(index);
  const placed = (score: (point: AccuracyPoint) => Score): PlacedValue[] =>
    points.map((point) => {
      const { accuracy, interval } = score(point) ?? { accuracy: null, interval: null };
      return {
        x: x(point.layer),
        y: accuracy === null ? null : y(accuracy),
        interval: interval === null ? null : [y(interval[0]), y(interval[1])],
      };
    });
  drawBand(
    group,
    style,
    placed(({ shuffled }) => ({ accuracy: null, interval: shuffled })),
  );
  drawIntervalLine(
    group,
    style,
    placed(({ evaluation }) => evaluation),
    step,
  );
  drawIntervalLine(
    group,
    style,
    placed(({ evaluation }) => evaluation?.worstGroup ?? null),
    step,
    true,
  );
};

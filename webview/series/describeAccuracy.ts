import type { AccuracyPoint, AccuracySeries } from './accuracy.ts';
import { formatCount, formatInterval, formatPercent } from './format.ts';

/** A task's accuracy at one layer in words, or why there is none. */
export const describePoint = (task: string, point: AccuracyPoint): string => {
  const { evaluation, note } = point;
  if (!evaluation || evaluation.accuracy === null) return `${task}: ${note ?? 'no value'}`;
  const interval = evaluation.interval ? ` (95 % interval ${formatInterval(evaluation.interval)})` : '';
  const { worstGroup } = evaluation;
  const worst =
    worstGroup?.accuracy == null
      ? ''
      : `, worst group ${worstGroup.group}: ${formatPercent(worstGroup.accuracy)} of ${formatCount(worstGroup.samples)} samples`;
  return `${task} ${formatPercent(evaluation.accuracy)}${interval}, ${formatCount(evaluation.samples)} samples${worst}`;
};

/** The highest tenth in [0, 0.9] below every interval of the series. */
export const lowestTenth = (series: readonly AccuracySeries[]): number => {
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ evaluation, shuffled }) => [
      evaluation?.interval?.[0] ?? 1,
      evaluation?.worstGroup?.interval?.[0] ?? 1,
      shuffled?.[0] ?? 1,
    ]),
  );
  return Math.max(0, Math.min(0.9, Math.floor(10 * Math.min(1, ...values)) / 10));
};

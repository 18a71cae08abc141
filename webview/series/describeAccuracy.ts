import * as l10n from '@vscode/l10n';
import type { AccuracyPoint, AccuracySeries } from './accuracy.ts';
import { formatCount, formatInterval, formatPercent } from './format.ts';

type Scored = Pick<AccuracySeries, 'task' | 'score'>;

/** A task's accuracy, or R², at one layer in words, or why there is none. */
export const describePoint = ({ task: name, score }: Scored, point: AccuracyPoint): string => {
  const { evaluation, note } = point;
  if (!evaluation || evaluation.accuracy === null) return `${name}: ${note ?? l10n.t('no value')}`;
  const task = score === 'R²' ? l10n.t('{0}, R²', name) : name;
  const { worstGroup } = evaluation;
  const [share, samples] = [formatPercent(evaluation.accuracy), formatCount(evaluation.samples)];
  const whole = evaluation.interval
    ? l10n.t(
        '{0} {1} (95 % interval {2}), {3} samples',
        task,
        share,
        formatInterval(evaluation.interval),
        samples,
      )
    : l10n.t('{0} {1}, {2} samples', task, share, samples);
  if (worstGroup?.accuracy == null) return whole;
  const [worst, size] = [formatPercent(worstGroup.accuracy), formatCount(worstGroup.samples)];
  return l10n.t('{0}, worst group {1}: {2} of {3} samples', whole, worstGroup.group, worst, size);
};

/** The highest tenth in [0, 0.9] below every interval of the series; R² can be lower than 0. */
export const lowestTenth = (series: readonly AccuracySeries[]): number => {
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ evaluation, shuffled }) => [
      evaluation?.interval?.[0] ?? 1,
      evaluation?.worstGroup?.interval?.[0] ?? 1,
      shuffled?.[0] ?? 1,
    ]),
  );
  const lowest = series.some(({ score }) => score === 'R²') ? Number.NEGATIVE_INFINITY : 0;
  return Math.max(lowest, Math.min(0.9, Math.floor(10 * values.reduce((a, b) => Math.min(a, b), 1)) / 10));
};

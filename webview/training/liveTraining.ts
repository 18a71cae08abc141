import * as l10n from '@vscode/l10n';
import type { LiveTraining, Metric } from '../../src/protocol/messages.ts';
import { formatCount, formatNumber } from '../series/format.ts';

/** Below this many samples per second, decimals matter. */
const WHOLE_RATE = 10;

export type TrainingAction =
  | 'pause'
  | 'continue'
  | 'cancel'
  | 'resume'
  | 'openSpectra'
  | 'showLog'
  | 'newExperiment';

/** A waiting time, rounded as people would say it: `40 s`, `2 min`, `1 h 20 min`. */
export const formatWait = (seconds: number): string => {
  if (seconds < 59.5) return l10n.t('{0} s', Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min', minutes);
  const rest = minutes % 60;
  return rest === 0 ? l10n.t('{0} h', minutes / 60) : l10n.t('{0} h {1} min', Math.floor(minutes / 60), rest);
};

/** `3 of 12`: the epoch that the next step belongs to; with `done`, the epoch that just finished. */
const epochOf = ({ step, totalSteps, epochs }: LiveTraining, done: boolean): string => {
  const passed = (step * epochs) / Math.max(1, totalSteps);
  const epoch = done ? Math.ceil(passed) : Math.floor(passed) + 1;
  return l10n.t(
    '{0} of {1}',
    formatCount(Math.min(epochs, Math.max(done ? 0 : 1, epoch))),
    formatCount(epochs),
  );
};

const where = (training: LiveTraining): string =>
  training.totalSteps === 0 ? l10n.t('while preparing') : l10n.t('in epoch {0}', epochOf(training, false));

const formatRate = (rate: number): string =>
  l10n.t('{0} samples/s', rate < WHOLE_RATE ? formatNumber(rate, 2) : formatCount(Math.round(rate)));

/** The state of the training in one line: `Running epoch 3 of 12 · 1,240 samples/s · 2 min left`. */
export const stateLine = (training: LiveTraining): string => {
  const { state, samplesPerSecond, secondsLeft, epochs, failure } = training;
  switch (state) {
    case 'preparing':
      return l10n.t('Preparing data and model');
    case 'running': {
      const rate = samplesPerSecond === null ? [] : [formatRate(samplesPerSecond)];
      const left = secondsLeft === null ? [] : [l10n.t('{0} left', formatWait(secondsLeft))];
      return [l10n.t('Running epoch {0}', epochOf(training, false)), ...rate, ...left].join(' · ');
    }
    case 'inspecting':
      return l10n.t('Inspecting after epoch {0}', epochOf(training, true));
    case 'paused':
      return l10n.t('Paused {0}', where(training));
    case 'cancelling':
      return l10n.t('Cancelling {0}', where(training));
    case 'finished':
      return epochs === 1
        ? l10n.t('Finished after 1 epoch')
        : l10n.t('Finished after {0} epochs', formatCount(epochs));
    case 'cancelled':
      return l10n.t('Cancelled {0}', where(training));
    case 'failed':
      return failure === null
        ? l10n.t('Failed {0}', where(training))
        : l10n.t('Failed {0}: {1}', where(training), failure);
  }
};

/** What to announce when `before` becomes `now`: a new state, or a new inspected epoch; else null. */
export const spokenLine = (before: LiveTraining | null, now: LiveTraining | null): string | null => {
  if (now === null) return null;
  const newest = now.inspected.at(-1);
  if (before?.run === now.run && newest && now.inspected.length > before.inspected.length)
    return l10n.t('{0} inspected.', newest.label);
  if (before?.run === now.run && before.state === now.state) return null;
  return `${stateLine({ ...now, samplesPerSecond: null, secondsLeft: null })}.`;
};

/** What the user can do next, the most likely first. */
export const actionsOf = (training: LiveTraining | null): readonly TrainingAction[] => {
  if (training === null) return ['newExperiment'];
  const looks: TrainingAction[] = training.inspected.length > 0 ? ['openSpectra'] : [];
  switch (training.state) {
    case 'preparing':
      return ['cancel'];
    case 'running':
    case 'inspecting':
      return ['pause', 'cancel'];
    case 'paused':
      return ['continue', 'cancel'];
    case 'cancelling':
      return [];
    case 'finished':
      return [...looks, 'newExperiment'];
    case 'cancelled':
      return ['resume', ...looks, 'newExperiment'];
    case 'failed':
      return ['resume', 'showLog', 'newExperiment'];
  }
};

/**
 * Metrics with new lines appended. A new line replaces any with the same or a later step: a training that returned
 * to its saved state reports its steps again, perhaps in the middle of `added`.
 */
export const appendMetrics = (metrics: readonly Metric[], added: readonly Metric[]): readonly Metric[] => {
  if (added.length === 0) return metrics;
  const merged = [...metrics];
  for (const metric of added) {
    while (merged.length > 0 && merged[merged.length - 1].step >= metric.step) merged.pop();
    merged.push(metric);
  }
  return merged;
};

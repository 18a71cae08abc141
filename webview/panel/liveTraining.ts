import type { LiveTraining, Metric } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from '../series/format.ts';

/** Below this many samples a second, decimals matter. */
const WHOLE_RATE = 10;

export type TrainingAction =
  | 'pause'
  | 'continue'
  | 'cancel'
  | 'resume'
  | 'openSpectra'
  | 'showLog'
  | 'newExperiment';

/** A time to wait, rounded as people say it: `40 s`, `2 min`, `1 h 20 min`. */
export const formatWait = (seconds: number): string => {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
};

/** `3 of 12`: the epoch that the next step belongs to; of a finished one, when `done`, that epoch. */
const epochOf = ({ step, totalSteps, epochs }: LiveTraining, done: boolean): string => {
  const passed = (step * epochs) / Math.max(1, totalSteps);
  const epoch = done ? Math.ceil(passed) : Math.floor(passed) + 1;
  return `${formatCount(Math.min(epochs, Math.max(done ? 0 : 1, epoch)))} of ${formatCount(epochs)}`;
};

const where = (training: LiveTraining): string =>
  training.totalSteps === 0 ? 'while preparing' : `in epoch ${epochOf(training, false)}`;

const formatRate = (rate: number): string =>
  `${rate < WHOLE_RATE ? formatNumber(rate, 2) : formatCount(Math.round(rate))} samples/s`;

/** What the training does, in one line: `Running epoch 3 of 12 · 1,240 samples/s · 2 min left`. */
export const stateLine = (training: LiveTraining): string => {
  const { state, samplesPerSecond, secondsLeft, epochs, failure } = training;
  switch (state) {
    case 'preparing':
      return 'Preparing data and model';
    case 'running': {
      const rate = samplesPerSecond === null ? [] : [formatRate(samplesPerSecond)];
      const left = secondsLeft === null ? [] : [`${formatWait(secondsLeft)} left`];
      return [`Running epoch ${epochOf(training, false)}`, ...rate, ...left].join(' · ');
    }
    case 'inspecting':
      return `Inspecting after epoch ${epochOf(training, true)}`;
    case 'paused':
      return `Paused ${where(training)}`;
    case 'cancelling':
      return `Cancelling ${where(training)}`;
    case 'finished':
      return `Finished after ${formatCount(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`;
    case 'cancelled':
      return `Cancelled ${where(training)}`;
    case 'failed':
      return `Failed ${where(training)}${failure === null ? '' : `: ${failure}`}`;
  }
};

/** What is worth saying aloud when `before` became `now`: another state, or another inspected epoch; else null. */
export const spokenLine = (before: LiveTraining | null, now: LiveTraining | null): string | null => {
  if (now === null) return null;
  const newest = now.inspected.at(-1);
  if (before?.run === now.run && newest && now.inspected.length > before.inspected.length)
    return `${newest.label} inspected.`;
  if (before?.run === now.run && before.state === now.state) return null;
  return `${stateLine({ ...now, samplesPerSecond: null, secondsLeft: null })}.`;
};

/** What a person can do next, the most likely first. */
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
 * Metrics with new lines at their end. A new line replaces any with the same or a later step: a training that went
 * back to its saved state tells its steps again, maybe in the middle of `added`.
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

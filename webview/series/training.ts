import type { Metric } from '../../src/protocol/messages.ts';
import type { Table } from './table.ts';

export type CurvePoint = readonly [step: number, value: number];

/**
 * The points that a curve `width` px wide can show: for every pixel column the first, lowest, highest and last point
 * in it, in order. A spike of one step is never lost.
 */
export const envelope = (points: readonly CurvePoint[], width: number): readonly CurvePoint[] => {
  if (points.length <= 4 * width || width < 1) return points;
  const [start, end] = [points[0][0], points[points.length - 1][0]];
  const columns = new Map<number, number[]>();
  points.forEach(([step], index) => {
    const column = Math.floor(((step - start) / (end - start || 1)) * width);
    const members = columns.get(column);
    if (members) members.push(index);
    else columns.set(column, [index]);
  });
  return [...columns.values()].flatMap((members) => {
    const byValue = (a: number, b: number): number => points[a][1] - points[b][1];
    const ordered = [...members].sort(byValue);
    const kept = [members[0], ordered[0], ordered[ordered.length - 1], members[members.length - 1]];
    return [...new Set(kept)].sort((a, b) => a - b).map((index) => points[index]);
  });
};

/** Index of the metric whose step is nearest to `step`, the earlier of two equally near; -1 without metrics. */
export const nearestMetric = (metrics: readonly Metric[], step: number): number => {
  let [low, high] = [0, metrics.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (metrics[middle].step < step) low = middle + 1;
    else high = middle;
  }
  if (low === metrics.length) return metrics.length - 1;
  return low > 0 && step - metrics[low - 1].step <= metrics[low].step - step ? low - 1 : low;
};

/** The step at the end of `epoch` epochs, from the latest metric's own count; null while there is no metric. */
export const stepOfEpoch = (metrics: readonly Metric[], epoch: number): number | null => {
  const last = metrics[metrics.length - 1];
  return last && last.epoch > 0 ? (epoch * last.step) / last.epoch : null;
};

/** The range of the values, from zero if requested; a single value is in the middle of it. */
export const valueRange = (points: readonly CurvePoint[], fromZero: boolean): [number, number] => {
  const start = fromZero ? 0 : Number.POSITIVE_INFINITY;
  const low = points.reduce((least, [, value]) => Math.min(least, value), start);
  const high = points.reduce((most, [, value]) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (high > low) return [low, high];
  const pad = Math.abs(low) / 2 || 1;
  return fromZero ? [low, low + pad] : [low - pad, low + pad];
};

export const trainingTable = (metrics: readonly Metric[]): Table => ({
  columns: ['step', 'epoch', 'loss', 'learning rate'],
  rows: metrics.map((metric) => [metric.step, metric.epoch, metric.loss, metric.learningRate]),
});

import type { Metric } from '../../src/protocol/index.ts';
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

export const trainingTable = (metrics: readonly Metric[]): Table => ({
  columns: ['step', 'epoch', 'loss', 'learning rate'],
  rows: metrics.map((metric) => [metric.step, metric.epoch, metric.loss, metric.learningRate]),
});

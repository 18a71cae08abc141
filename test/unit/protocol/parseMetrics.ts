import { type Metric, MetricLines } from '../../../src/protocol/index.ts';

/** The metrics in the text of a `metrics.jsonl`. */
export const parseMetrics = (text: string, path: string): Metric[] => {
  const metrics: Metric[] = [];
  new MetricLines(path, (metric) => metrics.push(metric)).take(new TextEncoder().encode(text));
  return metrics;
};

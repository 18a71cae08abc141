import { appendToFile, isNotThere, readFault, readPieces, writeAtomically } from '../disk/index.ts';
import {
  Fault,
  METRICS_LIMIT,
  METRICS_REMEDY,
  type Metric,
  MetricLines,
  metricSchema,
} from '../protocol/index.ts';

/** `metrics.jsonl`: one metric per line, appended during training. */

const lineOf = (metric: Metric): string => `${JSON.stringify(metricSchema.parse(metric))}\n`;

export const appendMetric = async (path: string, metric: Metric): Promise<void> =>
  appendToFile(path, lineOf(metric));

/** Every metric so far; empty if there is no file yet. Damage is a fault, see `MetricLines`. */
export const readMetrics = async (path: string): Promise<Metric[]> => {
  const metrics: Metric[] = [];
  const lines = new MetricLines(path, (metric) => metrics.push(metric));
  const bound = { limit: METRICS_LIMIT, place: path, remedy: METRICS_REMEDY };
  await readPieces(path, bound, (piece) => lines.take(piece)).catch((error: unknown) => {
    if (isNotThere(error)) return;
    if (error instanceof Fault) throw error;
    throw readFault(path, error, { remedy: 'Check the file' });
  });
  return metrics;
};

/** Keeps the metrics up to and including `step`: a resumed run writes those after its last state again. */
export const truncateMetrics = async (path: string, step: number): Promise<void> => {
  const kept = (await readMetrics(path)).filter((metric) => metric.step <= step);
  await writeAtomically(path, kept.map(lineOf).join(''));
};

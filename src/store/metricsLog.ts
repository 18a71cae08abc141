import { readFile } from 'node:fs/promises';
import { appendToFile, isNotThere, readFault, writeAtomically } from '../disk/index.ts';
import { type Metric, metricSchema, parseMetrics } from '../protocol/index.ts';

/** `metrics.jsonl`: one metric a line, appended as training goes. */

const lineOf = (metric: Metric): string => `${JSON.stringify(metricSchema.parse(metric))}\n`;

export const appendMetric = async (path: string, metric: Metric): Promise<void> =>
  appendToFile(path, lineOf(metric));

/** Every metric so far; none when there is no file yet. Damage is a fault, see `parseMetrics`. */
export const readMetrics = async (path: string): Promise<Metric[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isNotThere(error)) return '';
    throw readFault(path, error, { remedy: 'Check the file' });
  });
  return parseMetrics(text, path);
};

/** Keeps the metrics up to and including `step`: a resumed run writes those after its checkpoint again. */
export const truncateMetrics = async (path: string, step: number): Promise<void> => {
  const kept = (await readMetrics(path)).filter((metric) => metric.step <= step);
  await writeAtomically(path, kept.map(lineOf).join(''));
};

import { appendFile, readFile } from 'node:fs/promises';
import { inputFault, type Metric, metricSchema, parseMetrics } from '../protocol/index.ts';
import { writeAtomically, writeFault } from './writeAtomically.ts';

/** `metrics.jsonl`: one metric a line, appended as training goes. */

const lineOf = (metric: Metric): string => `${JSON.stringify(metricSchema.parse(metric))}\n`;

export const appendMetric = async (path: string, metric: Metric): Promise<void> => {
  const line = lineOf(metric);
  await appendFile(path, line).catch((error: unknown) => {
    throw writeFault(path, error, line.length);
  });
};

/** Every metric so far; none when there is no file yet. Damage is a fault, see `parseMetrics`. */
export const readMetrics = async (path: string): Promise<Metric[]> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw inputFault(`cannot be read (${error.code ?? error.message})`, path, 'Check the file', error);
  });
  return parseMetrics(text, path);
};

/** Keeps the metrics up to and including `step`: a resumed run writes those after its checkpoint again. */
export const truncateMetrics = async (path: string, step: number): Promise<void> => {
  const kept = (await readMetrics(path)).filter((metric) => metric.step <= step);
  await writeAtomically(path, kept.map(lineOf).join(''));
};

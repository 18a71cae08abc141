import { appendFile, readFile } from 'node:fs/promises';
import { inputFault, type Metric, metricSchema } from '../protocol/index.ts';
import { writeAtomically, writeFault } from './writeAtomically.ts';

/** `metrics.jsonl`: one metric a line, appended as training goes. */

const lineOf = (metric: Metric): string => `${JSON.stringify(metricSchema.parse(metric))}\n`;

export const appendMetric = async (path: string, metric: Metric): Promise<void> => {
  const line = lineOf(metric);
  await appendFile(path, line).catch((error: unknown) => {
    throw writeFault(path, error, line.length);
  });
};

const parseLine = (line: string, path: string, number: number): Metric => {
  try {
    return metricSchema.parse(JSON.parse(line));
  } catch (error) {
    throw inputFault(
      'is not a metric such as {"step":1,"epoch":0,"loss":1,"learningRate":0.1}',
      `${path}, line ${number}`,
      'Remove the line',
      error,
    );
  }
};

/**
 * Every metric so far; none when there is no file yet. What follows the last line feed was torn off by a kill in the
 * middle of a write and is dropped; damage anywhere else is a fault with its line.
 */
export const readMetrics = async (path: string): Promise<Metric[]> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw inputFault(`cannot be read (${error.code ?? error.message})`, path, 'Check the file', error);
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseLine(line, path, i + 1));
};

/** Keeps the metrics up to and including `step`: a resumed run writes those after its checkpoint again. */
export const truncateMetrics = async (path: string, step: number): Promise<void> => {
  const kept = (await readMetrics(path)).filter((metric) => metric.step <= step);
  await writeAtomically(path, kept.map(lineOf).join(''));
};

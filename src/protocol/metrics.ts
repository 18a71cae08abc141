import { inputFault } from './fault.ts';
import { type Metric, metricSchema } from './run.ts';

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
 * The metrics in the text of a `metrics.jsonl`. What follows the last line feed was torn off by a kill in the middle
 * of a write and is dropped; damage anywhere else is a fault with its line.
 */
export const parseMetrics = (text: string, path: string): Metric[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseLine(line, path, i + 1));

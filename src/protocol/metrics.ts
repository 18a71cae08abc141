import { inputFault } from './fault.ts';
import { type Metric, metricSchema } from './run.ts';

/** Limit of a `metrics.jsonl`, in bytes: a million lines. */
export const METRICS_LIMIT = 64 * 1024 ** 2;
export const METRICS_REMEDY = 'Train into another folder, or shorten the file';
/** A line has about 80 characters. */
export const LONGEST_METRIC = 1024;

const parseLine = (line: string, place: string): Metric => {
  try {
    return metricSchema.parse(JSON.parse(line));
  } catch (error) {
    throw inputFault(
      'is not a metric such as {"step":1,"epoch":0,"loss":1,"learningRate":0.1}',
      place,
      'Remove the line',
      error,
    );
  }
};

/**
 * Reads a `metrics.jsonl` piece by piece, and emits one metric per line. It holds at most one unfinished line; the
 * first damage, such as a line that is empty or endless, is a fault with its line number and ends the reading.
 */
export class MetricLines {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private line = 0;

  constructor(
    private readonly path: string,
    private readonly onMetric: (metric: Metric) => void,
  ) {}

  take(piece: Uint8Array): void {
    const text = this.rest + this.decoder.decode(piece, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.line++;
      this.onMetric(parseLine(text.slice(start, Math.min(end, start + LONGEST_METRIC)), this.place));
      start = end + 1;
    }
    this.rest = text.slice(start);
    if (this.rest.length <= LONGEST_METRIC) return;
    this.line++;
    throw inputFault(`is longer than ${LONGEST_METRIC} characters`, this.place, 'Remove the line');
  }

  private get place(): string {
    return `${this.path}, line ${this.line}`;
  }
}

/**
 * The last metric in the last bytes of a `metrics.jsonl`, which hold at least one line; null when nothing was
 * written yet.
 */
export const lastMetricIn = (end: Uint8Array, path: string): Metric | null => {
  const text = new TextDecoder().decode(end);
  const last = text.lastIndexOf('\n');
  if (last === -1) {
    if (end.length <= LONGEST_METRIC) return null;
    throw inputFault(`is longer than ${LONGEST_METRIC} characters`, `${path}, last line`, 'Remove the line');
  }
  return parseLine(text.slice(text.lastIndexOf('\n', last - 1) + 1, last), `${path}, last line`);
};

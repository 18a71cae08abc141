import { constants } from 'node:os';
import {
  formatProgress,
  inBatches,
  jsonPieces,
  type OnProgress,
  runFault,
  visible,
  visibleLine,
} from '../protocol/index.ts';

const BAR_CELLS = 24;

/** A duration in the two largest units that matter: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** A progress bar on a terminal's standard error; elsewhere nothing, so that logs stay readable. */
class ProgressBar {
  private readonly started = performance.now();
  private firstDone: number | null = null;
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  readonly update: OnProgress = ({ job, done, total, message }) => {
    if (!this.stream.isTTY) return;
    // A resumed job starts in the middle: only what was done here determines the speed.
    this.firstDone ??= done;
    const percent = total === 0 ? 100 : (100 * done) / total;
    const cells = Math.round((percent / 100) * BAR_CELLS);
    const elapsed = (performance.now() - this.started) / 1000;
    const speed = (done - this.firstDone) / elapsed;
    const left = speed > 0 && done < total ? `, ${duration((total - done) / speed)} left` : '';
    const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
    const line = `${job} ${bar} ${formatProgress(percent)}  ${visibleLine(message)}${left}`;
    this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.shown = true;
  };

  /** Removes the bar, before anything else is printed. */
  clear(): void {
    if (this.shown) this.stream.write('\r\x1b[K');
    this.shown = false;
  }
}

/** Why a job was cancelled: a signal from outside. */
export class Interruption extends Error {
  constructor(private readonly signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`);
  }

  /** The code that shells report for a process ended by a signal. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/**
 * Runs a job with a bar, and with Ctrl-C (and SIGTERM) aborting it between two of its steps. The second one finds no
 * listener, and ends the process at once.
 */
export async function withProgress<T>(
  job: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bar = new ProgressBar();
  const controller = new AbortController();
  const leave = () => {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  };
  const abort = (signal: 'SIGINT' | 'SIGTERM') => {
    leave();
    controller.abort(new Interruption(signal));
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  try {
    return await job(bar.update, controller.signal);
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    throw runFault('cancelled', '', 'Nothing was written; run the command again', error);
  } finally {
    bar.clear();
    leave();
  }
}

/**
 * The same, for work that only reads: it is abandoned in the middle of a step, because there is nothing to finish. The
 * caller has to end the process.
 */
export const withProgressOfReading = <T>(
  job: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withProgress((onProgress, signal) => {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return Promise.race([job(onProgress, signal), aborted]);
  });

/** Resolves when the stream accepts more data, or has ended. */
const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, done);
  });

const writeAll = async (pieces: Iterable<string>): Promise<void> => {
  const stream = process.stdout;
  for (const batch of inBatches(pieces)) {
    if (!stream.writable) return;
    if (!stream.write(batch)) await drained(stream);
  }
};

function* terminated(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${visible(line)}\n`;
}

/**
 * One JSON document, or lines for people, on standard output. Both may quote files, so control characters from them
 * are escaped. Written piece by piece: a document may be longer than a string can be.
 */
export async function print(
  json: boolean | undefined,
  document: () => unknown,
  text: () => Iterable<string>,
): Promise<void> {
  await writeAll(json ? jsonPieces(document()) : terminated(text()));
}

/**
 * Calls `report` when standard output cannot be written. Errors of standard error are ignored, because they
 * cannot be reported.
 */
export const onOutputError = (report: (error: NodeJS.ErrnoException) => void): void => {
  process.stdout.on('error', report);
  process.stderr.on('error', () => {});
};

/** One line on standard error. */
export const say = (line: string): void => {
  process.stderr.write(`${visible(line)}\n`);
};

/** Calls `then` when every line passed to `say` is written: an empty write comes after them. */
export const onceSaid = (then: () => void): void => {
  process.stderr.write('', () => then());
};

/** What commander prints: its own words, in lines, around what the user typed. */
export const printUsage = (text: string): void => {
  process.stdout.write(text.split('\n').map(visible).join('\n'));
};

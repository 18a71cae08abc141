import { constants } from 'node:os';
import { inBatches, jsonPieces, type OnProgress, runFault, visible } from '../protocol/index.ts';
import { noProgress, type ProgressDisplay, progressBar, progressLines } from './progress.ts';

const seconds = (): number => performance.now() / 1000;

/** A bar on a terminal, lines in a log; nothing beside a JSON document, or where the user wants none. */
const progressDisplay = (json: boolean | undefined): ProgressDisplay => {
  if (process.env.PENTIMENTO_PROGRESS === 'never') return noProgress;
  if (process.stderr.isTTY) return progressBar(process.stderr, seconds);
  return json ? noProgress : progressLines(say, seconds);
};

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
 * Runs a job with its progress shown, and with Ctrl-C (and SIGTERM) aborting it between two of its steps. The second
 * one finds no listener, and ends the process at once.
 */
export async function withProgress<T>(
  json: boolean | undefined,
  job: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const display = progressDisplay(json);
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
    return await job(display.update, controller.signal);
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    throw runFault('cancelled', '', 'Nothing was written; run the command again', error);
  } finally {
    display.clear();
    leave();
  }
}

/**
 * The same, for work that only reads: it is abandoned in the middle of a step, because there is nothing to finish. The
 * caller has to end the process.
 */
export const withProgressOfReading = <T>(
  json: boolean | undefined,
  job: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withProgress(json, (onProgress, signal) => {
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

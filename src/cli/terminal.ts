import { type OnProgress, runFault } from '../protocol/index.ts';

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
export class ProgressBar {
  private readonly started = performance.now();
  private firstDone: number | null = null;
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  readonly update: OnProgress = ({ job, done, total, message }) => {
    if (!this.stream.isTTY) return;
    // A resumed job begins in the middle: only what was done here tells the speed.
    this.firstDone ??= done;
    const share = total === 0 ? 1 : done / total;
    const cells = Math.round(share * BAR_CELLS);
    const elapsed = (performance.now() - this.started) / 1000;
    const speed = (done - this.firstDone) / elapsed;
    const left = speed > 0 && done < total ? `, ${duration((total - done) / speed)} left` : '';
    const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
    const line = `${job} ${bar} ${(share * 100).toFixed(0)} %  ${message}${left}`;
    this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.shown = true;
  };

  /** Takes the bar away, before anything else is printed. */
  clear(): void {
    if (this.shown) this.stream.write('\r\x1b[K');
    this.shown = false;
  }
}

/** Runs a job with a bar, and with Ctrl-C (and SIGTERM) reaching it as an abort between two of its steps. */
export async function withProgress<T>(
  job: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bar = new ProgressBar();
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  try {
    return await job(bar.update, controller.signal);
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    throw runFault('cancelled before it was done', '', 'Nothing was written; run the command again', error);
  } finally {
    bar.clear();
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}

/** One JSON document, or the text for people. */
export function print(json: boolean | undefined, document: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(document) : text()}\n`);
}

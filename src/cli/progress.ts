import { formatProgress, type OnProgress, type Progress, visibleLine } from '../protocol/index.ts';

const BAR_CELLS = 24;
/** Seconds before the first line, and the most between two: a long job leaves a line a minute in its log. */
const [FIRST, MOST] = [10, 60];
/** Between two lines, as a share of the time so far. */
const SPACING = 0.1;

/** A duration in the two largest units that matter: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** The time that a job has left, from the work it has done since it was first seen. */
class Pace {
  private readonly started: number;
  private firstDone: number | null = null;

  /** `now` gives seconds. */
  constructor(private readonly now: () => number) {
    this.started = now();
  }

  elapsed(): number {
    return this.now() - this.started;
  }

  /** `, 42 s left`, or nothing while the speed is not known. */
  left({ done, total }: Progress): string {
    // A resumed job starts in the middle: only what was done here determines the speed.
    this.firstDone ??= done;
    const speed = (done - this.firstDone) / this.elapsed();
    return speed > 0 && done < total ? `, ${duration((total - done) / speed)} left` : '';
  }
}

const percentOf = ({ done, total }: Progress): number => (total === 0 ? 100 : (100 * done) / total);

/** How far a job is, on standard error. */
export interface ProgressDisplay {
  readonly update: OnProgress;
  /** Before anything else is printed. */
  clear(): void;
}

/** One line that is drawn over itself, for a terminal. */
export const progressBar = (stream: NodeJS.WriteStream, now: () => number): ProgressDisplay => {
  const pace = new Pace(now);
  let shown = false;
  return {
    update: (progress) => {
      const percent = percentOf(progress);
      const cells = Math.round((percent / 100) * BAR_CELLS);
      const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
      const words = `${formatProgress(percent)}  ${visibleLine(progress.message)}${pace.left(progress)}`;
      stream.write(`\r\x1b[K${`${progress.job} ${bar} ${words}`.slice(0, (stream.columns ?? 80) - 1)}`);
      shown = true;
    },
    clear: () => {
      if (shown) stream.write('\r\x1b[K');
      shown = false;
    },
  };
};

/** A line now and then, for a log: none in the first ten seconds, then further and further apart, at least one a minute. */
export const progressLines = (write: (line: string) => void, now: () => number): ProgressDisplay => {
  const pace = new Pace(now);
  let due = FIRST;
  return {
    update: (progress) => {
      const left = pace.left(progress);
      const elapsed = pace.elapsed();
      if (elapsed < due) return;
      due = elapsed + Math.min(MOST, Math.max(FIRST, SPACING * elapsed));
      write(
        `${progress.job}: ${formatProgress(percentOf(progress))}, ${visibleLine(progress.message)}${left}`,
      );
    },
    clear: () => {},
  };
};

/** For jobs whose progress nobody reads. */
export const noProgress: ProgressDisplay = { update: () => {}, clear: () => {} };

import { type Checkpoint, openCheckpoint } from '../checkpoint/index.ts';

interface Opened {
  readonly checkpoint: Promise<Checkpoint>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Whether the files are still those that were opened. A file that could not be opened may exist by now. */
const isCurrent = ({ checkpoint }: Opened): Promise<boolean> =>
  checkpoint.then(
    ({ files }) => files?.isCurrent() ?? true,
    () => false,
  );

/**
 * Checkpoints that stay open for a few seconds after their last use, because requests about one file come in
 * bursts and its header may be long. It is reopened if one of its files has changed.
 */
export class OpenCheckpoints {
  private readonly opened = new Map<string, Opened>();

  constructor(private readonly idleMilliseconds = 3000) {}

  /** Runs `work` on the open checkpoint; it must not keep it. */
  async use<T>(path: string, work: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T> {
    const opened = await this.enter(path);
    try {
      return await work(await opened.checkpoint);
    } finally {
      opened.users--;
      if (opened.users === 0) this.leave(path, opened);
    }
  }

  private async enter(path: string): Promise<Opened> {
    for (let known = this.opened.get(path); known !== undefined; known = this.opened.get(path)) {
      const current = await isCurrent(known);
      // Others may have been opened and closed meanwhile.
      if (this.opened.get(path) !== known) continue;
      if (current) return this.taken(known);
      this.opened.delete(path);
      if (known.users === 0) this.close(path, known);
    }
    const opened: Opened = { checkpoint: openCheckpoint(path), users: 0, timer: undefined };
    this.opened.set(path, opened);
    return this.taken(opened);
  }

  private taken(opened: Opened): Opened {
    clearTimeout(opened.timer);
    opened.users++;
    return opened;
  }

  private leave(path: string, opened: Opened): void {
    if (this.opened.get(path) !== opened) this.close(path, opened);
    else {
      opened.timer = setTimeout(() => this.close(path, opened), this.idleMilliseconds);
      // The timer must not keep the process alive.
      opened.timer.unref();
    }
  }

  private close(path: string, opened: Opened): void {
    clearTimeout(opened.timer);
    if (this.opened.get(path) === opened) this.opened.delete(path);
    const closed = opened.checkpoint.then((checkpoint) => checkpoint.close());
    // A failed opening was reported to its caller, and a file that was only read loses nothing.
    closed.catch(() => {});
  }
}

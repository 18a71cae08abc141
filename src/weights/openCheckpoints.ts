import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Checkpoint, openCheckpoint } from '../checkpoint/index.ts';

interface Opened {
  /** Of the file when it was opened: another one under the same path has another. */
  readonly stamp: string;
  readonly checkpoint: Promise<Checkpoint>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Tells one version of a file from another, as far as the file system can. */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** Stamp of the file at `path`; empty when there is none to look at, which opening it then says. */
export const stampAt = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(stampOf, () => '');

/**
 * Checkpoints that stay open for a few seconds after their last use, since requests about one file come in numbers
 * and its header may be long. A file that changed is opened anew.
 */
export class OpenCheckpoints {
  private readonly opened = new Map<string, Opened>();

  constructor(private readonly idleMilliseconds = 3000) {}

  /** Runs `work` on the open checkpoint; it must not keep it. */
  async use<T>(path: string, work: (checkpoint: Checkpoint) => T | Promise<T>): Promise<T> {
    const stamp = await stampAt(path);
    const opened = this.current(path, stamp);
    clearTimeout(opened.timer);
    opened.users++;
    try {
      return await work(await opened.checkpoint);
    } finally {
      opened.users--;
      if (opened.users === 0) this.leave(path, opened);
    }
  }

  private current(path: string, stamp: string): Opened {
    const known = this.opened.get(path);
    if (known !== undefined && known.stamp === stamp && stamp !== '') return known;
    if (known?.users === 0) this.close(path, known);
    const opened: Opened = { stamp, checkpoint: openCheckpoint(path), users: 0, timer: undefined };
    this.opened.set(path, opened);
    return opened;
  }

  private leave(path: string, opened: Opened): void {
    if (this.opened.get(path) !== opened) this.close(path, opened);
    else {
      opened.timer = setTimeout(() => this.close(path, opened), this.idleMilliseconds);
      // A process with nothing else to do need not wait for it.
      opened.timer.unref();
    }
  }

  private close(path: string, opened: Opened): void {
    clearTimeout(opened.timer);
    if (this.opened.get(path) === opened) this.opened.delete(path);
    const closed = opened.checkpoint.then((checkpoint) => checkpoint.close());
    // One that could not be opened has told its user why, and a file that was only read loses nothing.
    closed.catch(() => {});
  }
}

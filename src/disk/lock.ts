import { constants as flags, readFileSync, unlinkSync } from 'node:fs';
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, runFault } from '../protocol/messages.ts';
import {
  BEAT_MS,
  heldFault,
  isAbandoned,
  LONGEST_LOCK,
  type LockedWork,
  type LockOwner,
  lockPath,
  newOwner,
  ownerText,
  parseOwner,
} from './lockOwner.ts';
import { codeOf, isNotThere, writeFault } from './systemErrors.ts';
import { temporaryPath } from './temporaries.ts';
import { placeNew } from './writeAtomically.ts';

interface Found {
  /** Null for a damaged lock. */
  readonly owner: LockOwner | null;
  /** When its holder last gave a sign of life, by the clock of the file system. */
  readonly beat: number;
}

/** The lock at `path`; null when there is none. */
const readLock = async (path: string): Promise<Found | null> => {
  // Anything that cannot be read (a link, a folder) counts as a damaged lock.
  const damaged = async () => {
    const { mtimeMs } = await lstat(path);
    return { owner: null, beat: mtimeMs };
  };
  try {
    return (await readOpened(path)) ?? (await damaged());
  } catch (error) {
    if (isNotThere(error)) return null;
    throw writeFault(path, error);
  }
};

/** Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = flags;

const readOpened = async (path: string): Promise<Found | null> => {
  const file = await open(path, flags.O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  try {
    if (file === null) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_LOCK), 0, LONGEST_LOCK, 0);
    const { mtimeMs } = await file.stat();
    return { owner: parseOwner(buffer.toString('utf8', 0, bytesRead)), beat: mtimeMs };
  } catch {
    return null;
  } finally {
    await file?.close();
  }
};

const isOwn = (found: Found | null, { token }: LockOwner): boolean => found?.owner?.token === token;

/** Locks of this process: removed when it ends without calling their `release`. */
const held = new Map<string, LockOwner>();
const releaseAll = (): void => {
  for (const [path, { token }] of held) {
    try {
      if (parseOwner(readFileSync(path, 'utf8'))?.token === token) unlinkSync(path);
    } catch {}
  }
};

/** A lock on a run folder that this process holds, until `release`. */
export class Lock {
  private readonly beating: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly owner: LockOwner,
    private readonly file: FileHandle,
    /** When the lock was taken, by the clock of the file system. */
    readonly takenAt: number,
  ) {
    if (held.size === 0) process.once('exit', releaseAll);
    held.set(path, owner);
    // The same bytes again: no reader sees a torn document, and the file system keeps the time.
    const beat = () => void file.write(ownerText(owner), 0).catch(() => {});
    this.beating = setInterval(beat, BEAT_MS).unref();
  }

  /**
   * Call this before writing anything that the lock protects. A process that was suspended for long (a sleeping
   * machine) may have lost its lock to another: a run fault.
   */
  async check(): Promise<void> {
    const found = await readLock(this.path);
    if (isOwn(found, this.owner)) return;
    const who = found?.owner && ` to process ${found.owner.pid} on ${found.owner.host}`;
    throw runFault(
      `this process lost its lock${who ?? ''} and stopped writing`,
      this.path,
      'Run one process at a time on this run, then resume it',
    );
  }

  async release(): Promise<void> {
    clearInterval(this.beating);
    held.delete(this.path);
    if (held.size === 0) process.off('exit', releaseAll);
    await this.file.close().catch(() => {});
    if (isOwn(await readLock(this.path).catch(() => null), this.owner)) {
      await unlink(this.path).catch(() => {});
    }
  }
}

/** True for exactly one of several that try, as long as nothing is at `path`. */
const isFirst = async (candidate: string, path: string): Promise<boolean> => {
  try {
    await placeNew(candidate, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Replaces a lock that was found abandoned with `candidate`. Two processes may have found it, and the slower one must
 * not replace the lock of the faster: each first creates the same second file, which only one can, and then checks that
 * the lock is still the one it found.
 */
const takeOver = async (
  candidate: string,
  path: string,
  found: Found,
  owner: LockOwner,
): Promise<boolean> => {
  const taking = `${path}.taking`;
  const ticket = temporaryPath(path);
  const file = await open(ticket, 'wx');
  try {
    await file.writeFile(ownerText(owner));
    const { mtimeMs } = await file.stat();
    if (!(await isFirst(ticket, taking))) {
      const other = await readLock(taking);
      if (other !== null && isAbandoned(other.owner, mtimeMs - other.beat))
        await unlink(taking).catch(() => {});
      return false;
    }
    const now = await readLock(path);
    const same = now !== null && now.owner?.token === found.owner?.token && now.beat === found.beat;
    if (same) await rename(candidate, path);
    await unlink(taking).catch(() => {});
    return same;
  } finally {
    await file.close();
    await unlink(ticket).catch(() => {});
  }
};

/** Taking over needs only milliseconds: how often, and after what pause, the others look again. */
const [TRIES, PAUSE_MS] = [50, 20];

/** Takes the lock of an existing run folder. Throws a fault that names the holder if there is one. */
const takeLock = async (folder: string, work: LockedWork): Promise<Lock> => {
  const path = lockPath(folder, work);
  const owner = newOwner();
  const candidate = temporaryPath(path);
  let file: FileHandle | null = null;
  try {
    file = await open(candidate, 'wx');
    await file.writeFile(ownerText(owner));
    const { mtimeMs: now } = await file.stat();
    for (let tries = 0; ; tries++) {
      if (await isFirst(candidate, path)) return new Lock(path, owner, file, now);
      const found = await readLock(path);
      const isHeld = found !== null && !isAbandoned(found.owner, now - found.beat);
      if (isHeld || tries >= TRIES) throw heldFault(folder, work, found?.owner ?? null);
      // It was released in between.
      if (found === null) continue;
      if (await takeOver(candidate, path, found, owner)) return new Lock(path, owner, file, now);
      await pause(PAUSE_MS);
    }
  } catch (error) {
    await file?.close().catch(() => {});
    await unlink(candidate).catch(() => {});
    throw error instanceof Fault ? error : writeFault(path, error);
  }
};

/** The current holder of the lock of a run folder; null when there is none. Reading changes nothing. */
export const holderOf = async (folder: string, work: LockedWork): Promise<LockOwner | null> => {
  const found = await readLock(lockPath(folder, work)).catch(() => null);
  return found === null || isAbandoned(found.owner, Date.now() - found.beat) ? null : found.owner;
};

/**
 * Throws the fault of `takeLock` if the lock is held, without taking it: for callers with much to do before
 * they need it.
 */
export const refuseHeld = async (folder: string, work: LockedWork): Promise<void> => {
  const owner = await holderOf(folder, work);
  if (owner !== null) throw heldFault(folder, work, owner);
};

/** Runs `work` while holding the lock of a run folder. */
export const whileLocked = async <T>(
  folder: string,
  work: LockedWork,
  job: (lock: Lock) => Promise<T>,
): Promise<T> => {
  const lock = await takeLock(folder, work);
  try {
    return await job(lock);
  } finally {
    await lock.release();
  }
};

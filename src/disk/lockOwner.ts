import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Fault, inputFault } from '../protocol/messages.ts';
import { ownProcessTable, startOfProcess } from './processes.ts';

/** What a run folder is locked for. Training writes the run; inspecting writes its analysis and recommendations. */
export type LockedWork = 'train' | 'inspect';

/** Where the lock of a run folder is. */
export const lockPath = (folder: string, work: LockedWork): string => join(folder, `${work}.lock`);

/** Who holds a lock. The lock file contains this as JSON. */
export interface LockOwner {
  /** Random: no two locks are the same. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** The process table in which `pid` is valid, see `ownProcessTable`. */
  readonly processes: string;
  /** When the process started, see `startOfProcess`. */
  readonly started: string;
  /** When the lock was taken, ISO 8601. */
  readonly since: string;
}

export const newOwner = (): LockOwner => ({
  token: randomBytes(16).toString('hex'),
  pid: process.pid,
  host: hostname(),
  processes: ownProcessTable(),
  started: startOfProcess(process.pid),
  since: new Date().toISOString(),
});

export const ownerText = (owner: LockOwner): string => `${JSON.stringify(owner)}\n`;

/** Longest file that is read as a lock; ours have about 300 bytes. */
export const LONGEST_LOCK = 4096;

/** The owner in the text of a lock; null if it is damaged. */
export const parseOwner = (text: string): LockOwner | null => {
  try {
    const { token, pid, host, processes, started, since } = JSON.parse(text) as Record<string, unknown>;
    const texts = [token, host, processes, started, since];
    if (!texts.every((each) => typeof each === 'string') || !Number.isSafeInteger(pid)) return null;
    if ((pid as number) <= 0) return null;
    return { token, pid, host, processes, started, since } as LockOwner;
  } catch {
    return null;
  }
};

/** How often the holder of a lock shows that it is alive, and after how long without a sign it counts as gone. */
export const BEAT_MS = 10_000;
const GONE_AFTER_MS = 120_000;

/**
 * Whether nobody holds this lock any more. If its process belongs to our process table, the table decides: it is gone,
 * or another process has its number. Otherwise (another machine, a container, a damaged lock) the time since its last
 * sign of life decides.
 */
export const isAbandoned = (owner: LockOwner | null, silentMs: number): boolean => {
  if (owner !== null && owner.processes === ownProcessTable()) {
    const started = startOfProcess(owner.pid);
    if (started === 'gone') return true;
    if (started !== 'unknown' && owner.started !== 'unknown') return started !== owner.started;
  }
  return silentMs > GONE_AFTER_MS;
};

const WORDS: Readonly<Record<LockedWork, { readonly doing: string; readonly elsewhere: string }>> = {
  train: { doing: 'is being trained', elsewhere: ', or train into another folder (--out)' },
  inspect: { doing: 'is being inspected', elsewhere: '' },
};

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** The message for a process that finds the lock held. */
export const heldFault = (folder: string, work: LockedWork, owner: LockOwner | null): Fault => {
  const { doing, elsewhere } = WORDS[work];
  const wait = `Wait until it finishes or stop it${elsewhere}`;
  if (owner === null) {
    return inputFault(`${doing} by another process (its ${work}.lock does not say which)`, folder, wait);
  }
  const { pid, host, since, processes } = owner;
  const seen = processes === ownProcessTable();
  const gone = seen ? '' : `; if it stopped responding, try again after ${GONE_AFTER_MS / 60_000} minutes`;
  return inputFault(
    `${doing} by process ${pid} on ${host} (since ${minute(since)} UTC)`,
    folder,
    `${wait}${gone}`,
  );
};

import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Null for text that cannot be read. */
const textOf = (read: () => string): string | null => {
  try {
    return read().trim();
  } catch {
    return null;
  }
};

/**
 * Identifies the process table that this process sees: two processes with the same text see the same process numbers.
 * Containers share the name and boot of their machine but have their own tables, so the process namespace is part of
 * the text. If none of that can be read, the text is unique.
 */
const processTable = (): string => {
  if (process.platform !== 'linux') return `${process.platform} ${hostname()}`;
  const boot = textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = textOf(() => readlinkSync('/proc/self/ns/pid'));
  return boot === null || namespace === null ? randomUUID() : `${boot} ${namespace}`;
};
let table: string | null = null;
export const ownProcessTable = (): string => {
  table ??= processTable();
  return table;
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Index of the start time among the fields of /proc/PID/stat after the name (which may contain anything); the
 * state is 0.
 */
const START = 19;

/**
 * When a process of our table started, in ticks since the machine started: distinguishes it from a later one with the
 * same number. `unknown` if the system does not tell, `gone` if there is no such process or it has ended.
 */
export const startOfProcess = (pid: number): string => {
  if (!exists(pid)) return 'gone';
  const status =
    process.platform === 'linux' ? textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) : null;
  if (status === null) return exists(pid) ? 'unknown' : 'gone';
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  // Ended, but not yet reaped by its parent.
  if (fields[0] === 'Z' || fields[0] === 'X') return 'gone';
  return fields[START] ?? 'unknown';
};

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processorOf, residentOf } from '../engineOf.ts';

/** What a command took. */
export interface Measured {
  readonly seconds: number;
  /** Processor seconds. */
  readonly processor: number;
  /** Largest resident memory in MB (10^6 bytes). */
  readonly peak: number;
  readonly output: string;
}

const EVERY = 50;

/** A process and those that it started. */
const familyOf = (pid: number): number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Runs a command from start to end; its memory and processor time, with those of its processes, are looked at every 50 ms (Linux). */
export const measured = (command: string, args: readonly string[]): Promise<Measured> => {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [peak, processor] = [0, 0];
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const watch = setInterval(() => {
    try {
      const family = familyOf(child.pid!);
      peak = Math.max(peak, sum(family.map(residentOf)));
      processor = Math.max(processor, sum(family.map(processorOf)));
    } catch {
      // One of them has just ended.
    }
  }, EVERY);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(watch);
      if (status !== 0) {
        reject(new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${status}`));
        return;
      }
      const seconds = (performance.now() - begun) / 1000;
      resolve({ seconds, processor, peak, output: Buffer.concat(pieces).toString() });
    });
  });
};

/** The first Python that has every one of these packages; null if none has. */
export const pythonWith = (packages: readonly string[]): string | null =>
  ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${packages.join(', ')}`]).status === 0,
  ) ?? null;

export const inWords = ({ seconds, processor, peak }: Measured): string =>
  `${seconds.toFixed(1)} s (${processor.toFixed(1)} s of processor), ${peak.toFixed(0)} MB`;

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineJob, EngineJobs } from '../../src/protocol/index.ts';

/** The built engine in its own process, as in the extension. */
export interface MeasuredEngine {
  run<Job extends EngineJob>(job: Job, params: EngineJobs[Job]['params']): Promise<EngineJobs[Job]['result']>;
  /** Largest resident memory up to now, in MB (10^6 bytes); Linux only. */
  peak(): number;
  /** Processor time up to now, in seconds; Linux only. */
  processor(): number;
  stop(): void;
}

const memoryOf = (pid: number, field: 'VmHWM' | 'VmRSS'): number => {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${field}:`));
  const [, kilobytes = '0'] = /(\d+) kB/.exec(line ?? '') ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
};

const peakOf = (pid: number): number => memoryOf(pid, 'VmHWM');

/** Resident memory of a process in MB (10^6 bytes); 0 for one that has ended. */
export const residentOf = (pid: number): number => memoryOf(pid, 'VmRSS');

/** Processor time of a process up to now, in seconds. The kernel counts it in hundredths of a second, after the program's name, which is in parentheses. */
export const processorOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

export const startEngine = async (): Promise<MeasuredEngine> => {
  // This file is bundled into dist/bench.
  const child = fork(fileURLToPath(new URL('../engine.js', import.meta.url)), [], { execArgv: [] });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const ready = new Promise<void>((resolve) => void connection.onNotification('ready', () => resolve()));
  connection.listen();
  await ready;
  let asked = 0;
  return {
    run: (job, params) => connection.sendRequest(job, { params, token: String(++asked) }),
    peak: () => peakOf(child.pid!),
    processor: () => processorOf(child.pid!),
    stop: () => child.kill(),
  };
};

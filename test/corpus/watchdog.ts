import { Worker } from 'node:worker_threads';

/** Watches for signs of life of the main thread, and ends the process when there were none for too long. */
const CODE = `
const { workerData: { beats, seconds, name } } = require('node:worker_threads');
let last = -1;
setInterval(() => {
  const now = Atomics.load(new Int32Array(beats), 0);
  const text = Buffer.from(new Uint8Array(name)).toString().split('\\0')[0];
  if (now === last) {
    require('node:fs').writeSync(2, 'HANGS: ' + text + ' took more than ' + seconds + ' s\\n');
    process.kill(process.pid, 'SIGKILL');
  }
  last = now;
}, seconds * 1000);
`;

/**
 * A case that blocks the thread cannot be ended by a timer of that thread: this one names the case and kills the
 * process, after `seconds` to twice as long. `begin` says which case runs.
 */
export const watchdog = (seconds: number) => {
  const beats = new SharedArrayBuffer(4);
  const name = new SharedArrayBuffer(256);
  const worker = new Worker(CODE, { eval: true, workerData: { beats, seconds, name } });
  worker.unref();
  return {
    begin: (text: string): void => {
      new Uint8Array(name).fill(0).set(Buffer.from(text).subarray(0, 255));
      Atomics.add(new Int32Array(beats), 0, 1);
    },
    end: () => worker.terminate(),
  };
};

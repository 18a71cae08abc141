import { readFileSync } from 'node:fs';
import { openCheckpoint } from '../../src/checkpoint/index.ts';
import { Fault } from '../../src/protocol/index.ts';

/** Largest resident memory of this process so far, in MiB. */
const peak = (): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

/** Opens the checkpoint that the first argument names, and prints the result and the memory used. */
const answer = await openCheckpoint(process.argv[2]).then(
  ({ tensors }) => ({ opened: tensors.size }),
  (error: Error) => ({ fault: error instanceof Fault, message: error.message }),
);
process.stdout.write(JSON.stringify({ ...answer, peak: peak() }));

import { inputFault } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { PickleCursor, PickleCut } from './cursor.ts';
import { PickleMachine } from './machine.ts';
import { OPCODES, STOP } from './opcodes.ts';
import type { PickleReference, PickleValue } from './value.ts';

export interface Pickle {
  readonly value: PickleValue;
  /** Every persistent id in it, in order. */
  readonly references: readonly PickleReference[];
  /** Offset of the byte after it. */
  readonly end: number;
}

/** Pickles beyond this are refused; those of checkpoints, which store the numbers outside, take a few MB at most. */
export const MAX_PICKLE = 2 ** 25;

const FIRST_WINDOW = 2 ** 12;
const LARGEST_WINDOW = 2 ** 16;
const REMEDY = 'The file is cut off or not a checkpoint: fetch or save it again';

/** Executes instructions until the pickle stops or the available bytes end. */
const run = (cursor: PickleCursor, machine: PickleMachine): Pickle | PickleCut => {
  try {
    for (;;) {
      machine.step();
      const code = cursor.opcode();
      if (code === STOP)
        return { value: machine.result(), references: machine.references, end: cursor.position };
      const opcode = OPCODES[code];
      if (opcode === undefined) throw cursor.fault(`has byte ${code} where a pickle instruction is needed`);
      // An instruction reads its operands before it changes anything, so one that was cut off can be repeated.
      opcode(machine, cursor);
    }
  } catch (error) {
    if (error instanceof PickleCut) return error;
    throw error;
  }
};

/**
 * Reads the pickle (protocols 0 to 5) that begins at byte `begin` of a file and ends at an unknown place before byte
 * `limit`, through a window; null if it does not end there. Executes nothing: names of functions stay names, and calls
 * are kept as calls. Instructions as in Python's pickletools.
 */
export const readPickleWithin = async (
  source: ByteSource,
  begin: number,
  limit: number,
  allowance: Allowance,
): Promise<Pickle | null> => {
  const cursor = new PickleCursor(new Uint8Array(0), begin, (byte) => `${source.name}, byte ${byte}`);
  const machine = new PickleMachine(cursor, allowance);
  for (let window = FIRST_WINDOW; ; window = Math.min(2 * window, LARGEST_WINDOW)) {
    const pickle = run(cursor, machine);
    if (!(pickle instanceof PickleCut)) return pickle;
    const from = cursor.instruction;
    if (from + pickle.needed > limit) return null;
    const wanted = Math.max(window, 2 * pickle.needed);
    cursor.resume(await source.read(from, Math.min(wanted, limit - from)));
  }
};

/** Reads the pickle that begins at byte `begin` of a file and ends before byte `limit`. */
export const readPickleAt = async (
  source: ByteSource,
  begin: number,
  allowance: Allowance,
  limit = source.size,
): Promise<Pickle> => {
  const most = Math.min(limit, begin + MAX_PICKLE);
  const pickle = await readPickleWithin(source, begin, most, allowance);
  if (pickle !== null) return pickle;
  const what = most < limit ? `has a pickle of more than ${MAX_PICKLE} bytes` : 'ends inside a pickle';
  throw inputFault(what, `${source.name}, byte ${begin}`, REMEDY);
};

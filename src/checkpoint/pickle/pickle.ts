import { inputFault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { PickleCursor, PickleCut } from './cursor.ts';
import { PickleMachine } from './machine.ts';
import { OPCODES, STOP } from './opcodes.ts';
import type { PickleReference, PickleValue } from './value.ts';

export interface Pickle {
  readonly value: PickleValue;
  /** Every persistent id in it, in order. */
  readonly references: readonly PickleReference[];
  /** Where the next byte after it is. */
  readonly end: number;
}

/** Pickles beyond this are refused; those of checkpoints, which have the numbers outside, take a few MB at most. */
export const MAX_PICKLE = 2 ** 25;

const FIRST_WINDOW = 2 ** 12;
const REMEDY = 'The file is cut off or not a checkpoint: fetch or save it again';

/**
 * Reads one pickle (protocols 0 to 5) from `begin`, executing nothing: names of functions stay names, and calls are
 * kept as calls. Null when the bytes end before the pickle does. `locate` words the place of a byte for refusals.
 * Instructions as in Python's pickletools.
 */
export const readPickle = (
  bytes: Uint8Array,
  begin: number,
  locate: (byte: number) => string,
): Pickle | null => {
  const cursor = new PickleCursor(bytes, begin, locate);
  const machine = new PickleMachine(cursor);
  try {
    for (;;) {
      machine.step();
      const code = cursor.opcode();
      if (code === STOP)
        return { value: machine.result(), references: machine.references, end: cursor.position };
      const opcode = OPCODES[code];
      if (opcode === undefined) throw cursor.fault(`has byte ${code} where a pickle instruction is needed`);
      opcode(machine, cursor);
    }
  } catch (error) {
    if (error instanceof PickleCut) return null;
    throw error;
  }
};

/**
 * Reads the pickle that begins at byte `begin` of a file and ends, who knows where, before byte `limit`: in windows
 * that double until it fits.
 */
export const readPickleAt = async (
  source: ByteSource,
  begin: number,
  limit = source.size,
): Promise<Pickle> => {
  const most = Math.min(limit - begin, MAX_PICKLE);
  for (let window = Math.min(FIRST_WINDOW, most); ; window = Math.min(2 * window, most)) {
    const bytes = await source.read(begin, window);
    const pickle = readPickle(bytes, 0, (byte) => `${source.name}, byte ${begin + byte}`);
    if (pickle !== null) return { ...pickle, end: begin + pickle.end };
    if (window === most) {
      const what =
        most === MAX_PICKLE ? `has a pickle of more than ${MAX_PICKLE} bytes` : 'ends inside a pickle';
      throw inputFault(what, `${source.name}, byte ${begin}`, REMEDY);
    }
  }
};

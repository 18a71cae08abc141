import { type Fault, inputFault } from '../../protocol/index.ts';

/** Thrown, and caught by `readPickle`, when the bytes end before the pickle does. */
export class PickleCut extends Error {}

/** The longest number, and the longest line of digits: PyTorch's longest integer has 10 bytes. */
const MAX_DIGITS = 1024;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Reads the operands of a pickle's instructions, never past the end of the bytes. */
export class PickleCursor {
  position: number;
  #instruction: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #locate: (byte: number) => string;

  constructor(bytes: Uint8Array, begin: number, locate: (byte: number) => string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#locate = locate;
    this.position = begin;
    this.#instruction = begin;
  }

  /** A refusal of the instruction that is being read. */
  fault(what: string): Fault {
    return inputFault(
      what,
      this.#locate(this.#instruction),
      'The file is damaged or not a checkpoint: fetch or save it again',
    );
  }

  /** The code of the next instruction. */
  opcode(): number {
    this.#instruction = this.position;
    return this.uint8();
  }

  /** Where the next `length` bytes begin; moves past them. */
  #advance(length: number): number {
    const at = this.position;
    if (length > this.#bytes.length - at) throw new PickleCut();
    this.position = at + length;
    return at;
  }

  uint8 = (): number => this.#view.getUint8(this.#advance(1));
  uint16 = (): number => this.#view.getUint16(this.#advance(2), true);
  int32 = (): number => this.#view.getInt32(this.#advance(4), true);
  uint32 = (): number => this.#view.getUint32(this.#advance(4), true);
  float64 = (): number => this.#view.getFloat64(this.#advance(8), false);

  /** An 8-byte length. */
  length = (): number => {
    const length = this.#view.getBigUint64(this.#advance(8), true);
    if (length > Number.MAX_SAFE_INTEGER) throw this.fault(`claims a length of ${length} bytes`);
    return Number(length);
  };

  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  unicode = (length: number): string => utf8.decode(this.bytes(length));
  latin1 = (length: number): string => latin1(this.bytes(length));

  /** Text up to the end of the line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleCut();
    const text = this.latin1(end - this.position);
    this.position = end + 1;
    return text;
  }

  /** A line that spells an integer in decimal, with the `L` of Python 2 or without. */
  decimal(): number | bigint {
    const text = this.line().replace(/L$/, '').trim();
    if (!/^[+-]?\d+$/.test(text) || text.length > MAX_DIGITS) {
      throw this.fault('has a line that is no integer of a readable length');
    }
    return narrow(BigInt(text));
  }

  /** A two's complement integer of `length` bytes, least significant first. */
  long(length: number): number | bigint {
    if (length < 0 || length > MAX_DIGITS) {
      throw this.fault(`has an integer of ${length} bytes, not 0 to ${MAX_DIGITS}`);
    }
    if (length === 0) return 0;
    const digits = Buffer.from(this.bytes(length)).reverse().toString('hex');
    return narrow(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)));
  }
}

const narrow = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

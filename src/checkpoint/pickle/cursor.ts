import { type Fault, inputFault } from '../../protocol/index.ts';

/** Thrown when the available bytes end inside an instruction, which takes `needed` bytes or more. */
export class PickleCut extends Error {
  constructor(readonly needed: number) {
    super();
  }
}

/** The longest number, and the longest line of digits: PyTorch's longest integer has 10 bytes. */
const MAX_DIGITS = 1024;
/** The longest line. PyTorch writes protocol 2, in which only names of functions and classes are lines. */
const MAX_LINE = 2 ** 16;
/** At most this much of a text or of bytes is kept: only names are read here, and numbers are elsewhere. */
const MAX_KEPT = 2 ** 16;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Reads the operands of a pickle's instructions, never past the end of the available bytes. */
export class PickleCursor {
  /** Offset of the next byte in the file. */
  position: number;
  #instruction: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset in the file of the first available byte. */
  #origin = 0;
  readonly #locate: (byte: number) => string;

  constructor(bytes: Uint8Array, begin: number, locate: (byte: number) => string) {
    this.#locate = locate;
    this.position = begin;
    this.#instruction = begin;
    this.#hold(bytes, 0);
  }

  #hold(bytes: Uint8Array, origin: number): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#origin = origin;
  }

  /** Offset of the instruction that was cut off. */
  get instruction(): number {
    return this.#instruction;
  }

  /** Goes back to the instruction that was cut off, which `bytes` begin with. */
  resume(bytes: Uint8Array): void {
    this.position = this.#instruction;
    this.#hold(bytes, this.#instruction);
  }

  /** A fault about the current instruction. */
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

  /** Index of the next `length` bytes in the available ones; moves past them. */
  #advance(length: number): number {
    const at = this.position - this.#origin;
    if (at + length > this.#bytes.length) throw new PickleCut(this.position + length - this.#instruction);
    this.position += length;
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

  /** The next `length` bytes, or those of them that are kept; moves past all. */
  #next(length: number): Uint8Array {
    const kept = Math.min(length, MAX_KEPT);
    const at = this.#advance(kept);
    this.position += length - kept;
    return this.#bytes.subarray(at, at + kept);
  }

  /** A copy, because the available bytes will be replaced. */
  bytes = (length: number): Uint8Array => new Uint8Array(this.#next(length));
  unicode = (length: number): string => utf8.decode(this.#next(length));
  latin1 = (length: number): string => latin1(this.#next(length));

  /** Text up to the end of the line, which is passed. */
  line(): string {
    const at = this.position - this.#origin;
    const end = this.#bytes.subarray(at, at + MAX_LINE).indexOf(10);
    if (end >= 0) {
      this.position += end + 1;
      return latin1(this.#bytes.subarray(at, at + end));
    }
    const left = this.#bytes.length - at;
    if (left >= MAX_LINE) throw this.fault(`has a line of more than ${MAX_LINE} bytes in its pickle`);
    throw new PickleCut(this.position + left + 1 - this.#instruction);
  }

  /** A line with a decimal integer, with the `L` of Python 2 or without. */
  decimal(): number | bigint {
    const text = this.line().replace(/L$/, '').trim();
    if (!/^[+-]?\d+$/.test(text) || text.length > MAX_DIGITS) {
      throw this.fault('has a line that is not an integer of a readable length');
    }
    return narrow(BigInt(text));
  }

  /** A two's complement integer of `length` bytes, least significant first. */
  long(length: number): number | bigint {
    if (length < 0 || length > MAX_DIGITS) {
      throw this.fault(`has an integer of ${length} bytes, not 0 to ${MAX_DIGITS}`);
    }
    if (length === 0) return 0;
    const digits = Buffer.from(this.#next(length)).reverse().toString('hex');
    return narrow(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)));
  }
}

const narrow = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

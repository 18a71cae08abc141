import { type Fault, inputFault } from '../../protocol/index.ts';
import type { ByteSource } from './byteSource.ts';

/** A range of the file: [start, end). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** A field in the file; the range is that of its value, without tag and length. */
export interface Field extends Range {
  readonly number: number;
  readonly wire: number;
  /** Offset of its tag. */
  readonly at: number;
  /** The halves of a varint, unsigned; 0 for the other wire types. */
  readonly low: number;
  readonly high: number;
}

/** The varint of a field as int64. Exact below 2^53; beyond that, never a safe integer. */
export const int64Of = ({ low, high }: { readonly low: number; readonly high: number }): number =>
  (high | 0) * 2 ** 32 + low;

/** A tag, or the longest varint; a field's head is at most two of these. */
const MAX_VARINT = 10;
const WIRE_NAMES = ['a varint', '8 bytes', 'a string or message', 'a group', 'a group', '4 bytes'];
const FIRST_WINDOW = 4096;
const LARGEST_WINDOW = 2 ** 18;

/**
 * Reads a file of protocol buffers (protobuf.dev/programming-guides/encoding) by ranges, through a window that moves
 * forward with it: what is skipped is never read, so a message may be larger than memory. It only knows the wire
 * format; callers know the fields. Each concurrent use needs its own reader.
 */
export class ProtobufFile {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  private steps = 0;
  private varint = { low: 0, high: 0, end: 0 };

  constructor(
    private readonly source: ByteSource,
    private readonly remedy: string,
    /** How many fields and packed numbers may be visited in all: bounds the time that a hostile file takes. */
    private readonly maxSteps: number,
  ) {}

  fault(what: string, at: number): Fault {
    return inputFault(what, `${this.source.name}, byte ${at}`, this.remedy);
  }

  /**
   * Calls `visit` for each field of the message in `range`, in order. To walk a nested message, call this again
   * with its field. Groups, which are obsolete, and fields that do not fit the range are refused.
   */
  async walk({ start, end }: Range, visit: (field: Field) => void | Promise<void>): Promise<void> {
    for (let at = start; at < end; ) {
      const head = Math.min(end - at, 2 * MAX_VARINT);
      // Most fields are in the window already: awaiting for each of them would take longer than reading.
      if (!this.holds(at, head)) await this.load(at, head);
      const field = this.fieldAt(at, end);
      at = field.end;
      const pending = visit(field);
      if (pending !== undefined) await pending;
    }
  }

  /** Calls `visit` for each varint of a packed field, with its halves and its offset. */
  async walkPacked(
    { start, end }: Range,
    visit: (value: { low: number; high: number }, at: number) => void,
  ): Promise<void> {
    for (let at = start; at < end; at = this.varint.end) {
      const length = Math.min(end - at, MAX_VARINT);
      if (!this.holds(at, length)) await this.load(at, length);
      this.step(at);
      this.readVarint(at, end);
      visit(this.varint, at);
    }
  }

  /** Refuses a field whose wire type is not the one that its number has. */
  demand(field: Field, wire: number, what: string): void {
    if (field.wire === wire) return;
    throw this.fault(`has ${what} as ${WIRE_NAMES[field.wire]}, not as ${WIRE_NAMES[wire]}`, field.at);
  }

  /**
   * Calls `use` with a string field of at most `limit` bytes; a longer one is refused. Bytes that are not UTF-8 become
   * U+FFFD. Synchronous if the text is in the window, as it usually is: promises would take longer than all the rest.
   */
  text(field: Field, what: string, limit: number, use: (text: string) => void): void | Promise<void> {
    this.demand(field, BYTES, what);
    const length = field.end - field.start;
    if (length > limit) throw this.fault(`has ${what} of ${length} bytes, above ${limit}`, field.at);
    if (this.holds(field.start, length)) return use(this.held(field.start, length));
    return this.load(field.start, length).then(() => use(this.held(field.start, length)));
  }

  /** A string field, cut off at `limit` bytes. */
  async shortText(field: Field, what: string, limit: number): Promise<string> {
    this.demand(field, BYTES, what);
    const length = field.end - field.start;
    if (length <= limit) return this.textAt(field.start, length);
    // The cut may split a character, of which at most three bytes remain.
    return `${(await this.textAt(field.start, limit)).replace(/\ufffd{1,3}$/, '')}…`;
  }

  private async textAt(start: number, length: number): Promise<string> {
    if (!this.holds(start, length)) await this.load(start, length);
    return this.held(start, length);
  }

  /** Text that is in the window. */
  private held(start: number, length: number): string {
    const { buffer, byteOffset } = this.window;
    return Buffer.from(buffer, byteOffset + start - this.windowStart, length).toString('utf8');
  }

  private holds(start: number, length: number): boolean {
    return start >= this.windowStart && start + length <= this.windowStart + this.window.length;
  }

  /** Moves the window so that it contains `length` bytes from `start`. It grows as the file is read. */
  private async load(start: number, length: number): Promise<void> {
    const follows = start >= this.windowStart && start <= this.windowStart + this.window.length;
    const size = follows ? Math.min(2 * this.window.length, LARGEST_WINDOW) : FIRST_WINDOW;
    const wanted = Math.max(size, FIRST_WINDOW, length);
    this.window = await this.source.read(start, Math.min(wanted, this.source.size - start));
    this.windowStart = start;
  }

  private step(at: number): void {
    if (++this.steps > this.maxSteps) throw this.fault(`has more than ${this.maxSteps} fields`, at);
  }

  /** Reads a varint in the window into `this.varint`: a fresh object for each would cost more than the reading. */
  private readVarint(at: number, end: number): void {
    const { window, windowStart, varint } = this;
    varint.low = 0;
    varint.high = 0;
    for (let i = 0; i < MAX_VARINT; i++) {
      if (at + i >= end) throw this.fault('is cut off in a number', at);
      const byte = window[at + i - windowStart];
      const bits = byte & 0x7f;
      if (i < 4) varint.low |= bits << (7 * i);
      else if (i === 4) {
        varint.low |= bits << 28;
        varint.high = bits >>> 4;
      } else if (i < 9) varint.high |= bits << (7 * i - 32);
      else varint.high |= bits << 31;
      if (byte < 0x80) {
        varint.low >>>= 0;
        varint.high >>>= 0;
        varint.end = at + i + 1;
        return;
      }
    }
    throw this.fault('has a number of more than 10 bytes', at);
  }

  private fieldAt(at: number, end: number): Field {
    this.step(at);
    this.readVarint(at, end);
    const { low: tag, high } = this.varint;
    const number = tag >>> 3;
    const wire = tag & 7;
    if (high !== 0 || number === 0) throw this.fault('has a field without a valid number', at);
    const start = this.varint.end;
    if (wire === VARINT) {
      this.readVarint(start, end);
      return { number, wire, at, start, end: this.varint.end, low: this.varint.low, high: this.varint.high };
    }
    const size = this.sizeAt(at, start, end, wire);
    const valueStart = wire === BYTES ? this.varint.end : start;
    if (size > end - valueStart) {
      throw this.fault(`has field ${number} of ${size} bytes where ${end - valueStart} are left`, at);
    }
    return { number, wire, at, start: valueStart, end: valueStart + size, low: 0, high: 0 };
  }

  /** Bytes that a field's value takes. */
  private sizeAt(at: number, start: number, end: number, wire: number): number {
    if (wire === FIXED64) return 8;
    if (wire === FIXED32) return 4;
    if (wire !== BYTES) throw this.fault(`has a field of wire type ${wire}, which is not in use`, at);
    this.readVarint(start, end);
    return this.varint.high * 2 ** 32 + this.varint.low;
  }
}

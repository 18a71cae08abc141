import { type Fault, inputFault } from '../../protocol/index.ts';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const NOT_ASCII = /[\x80-\xff]/;

/** The text of UTF-8 bytes, given as latin-1: one character a byte. */
export const utf8Of = (bytes: string): string =>
  NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;

/** Bytes as a text of one character each, as the reader takes them. */
export const latin1Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** A copy of `part`, for keeping: a part of a text keeps the whole text in memory. */
export const ownText = (part: string): string => Buffer.from(part, 'utf16le').toString('utf16le');

/**
 * Reads the text of a header from the left. It is led by the grammar of its caller, so that a hostile header can
 * neither nest nor build anything that the format does not have; every refusal names the place that it stopped at.
 * The text has one character for each byte: what is in quotes is decoded when it is read.
 */
export class LiteralReader {
  /** Index in the text of what comes next. */
  protected at = 0;
  /** Byte of the header that the text begins with, and whether it goes on to the header's end. */
  protected origin = 0;
  protected isWhole = true;

  constructor(
    protected text: string,
    private readonly locate: (byte: number) => string,
    private readonly remedy: string,
  ) {}

  protected skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'end')) this.at++;
  }

  /** The next byte that is not white space. */
  position(): number {
    this.skipSpace();
    return this.origin + this.at;
  }

  /** The next character that is not white space, or '' at the end. */
  peek(): string {
    this.skipSpace();
    return this.text[this.at] ?? '';
  }

  /** Moves to byte `position`, which is in the text. */
  moveTo(position: number): void {
    this.at = position - this.origin;
  }

  /** The groups of `pattern` (sticky) here, after white space, or null. */
  take(pattern: RegExp): RegExpExecArray | null {
    this.skipSpace();
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  demand(pattern: RegExp, expected: string): RegExpExecArray {
    const match = this.take(pattern);
    if (match === null) throw this.expected(expected);
    return match;
  }

  /** A JSON string, scanned by hand: a pattern would need stack in proportion to its length. */
  jsonString(expected: string): string {
    if (this.peek() !== '"') throw this.expected(expected);
    const { text } = this;
    let end = this.at + 1;
    for (let code = text.charCodeAt(end); end < text.length && code !== QUOTE; code = text.charCodeAt(end)) {
      end += code === BACKSLASH ? 2 : 1;
    }
    if (end >= text.length && !this.isWhole) throw this.tooLong();
    try {
      const value: string = JSON.parse(utf8Of(text.slice(this.at, end + 1)));
      this.at = end + 1;
      return value;
    } catch {
      throw this.malformed();
    }
  }

  /** A JSON number that is a whole one from 0 up to 2^53 - 1. */
  natural(expected: string): number {
    const start = this.position();
    const digits = this.demand(/(?:0|[1-9]\d{0,400})(?![\d.eE])/y, `${expected}, a whole number,`)[0];
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) {
      throw this.fault('has a number beyond 2^53 in its header', start);
    }
    return value;
  }

  end(): void {
    this.demand(/$/y, 'nothing more');
  }

  place(): string {
    return this.locate(this.position());
  }

  fault(what: string, at = this.position()): Fault {
    return inputFault(what, this.locate(at), this.remedy);
  }

  protected malformed(at = this.position()): Fault {
    return this.fault('has a header with a malformed string', at);
  }

  /** What was looked for is not here; or is, in a text that is cut off. */
  private expected(what: string): Fault {
    const isNearCut = !this.isWhole && this.text.length - this.at < LONGEST_TOKEN;
    return isNearCut ? this.tooLong() : this.fault(`has a header in which ${what} is expected`);
  }

  private tooLong(): Fault {
    return this.fault(`has one part of more than ${LOOK_AHEAD} bytes in its header`);
  }
}

/** No pattern of a caller takes more, strings in quotes apart. */
const LONGEST_TOKEN = 1024;

/** Where a header is read through a window, this much of it at least can be read at once. */
export const LOOK_AHEAD = 2 ** 15;

import { type Fault, inputFault } from '../../protocol/index.ts';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const NOT_ASCII = /[\x80-\xff]/;

/** The text of UTF-8 bytes, given as latin-1: one character per byte. */
export const utf8Of = (bytes: string): string =>
  NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;

/** Bytes as a text of one character each, as the reader takes them. */
export const latin1Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** A copy of `part` that can be kept: a substring keeps the whole text in memory. */
export const ownText = (part: string): string => Buffer.from(part, 'utf16le').toString('utf16le');

/**
 * Reads the text of a header from the left. The caller's grammar drives it, so a hostile header cannot nest or
 * build anything that the format does not have; every refusal names the byte where it stopped. The text has one
 * character per byte: quoted strings are decoded when they are read.
 */
export class LiteralReader {
  /** Index in the text of the next character. */
  protected at = 0;
  /** Byte of the header that the text begins with, and whether it reaches the header's end. */
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

  /** Position of the next byte that is not white space. */
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

  /** The groups of `pattern` (sticky) at the current place, after white space, or null. */
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

  /** A JSON string, scanned by hand: a regular expression would need stack space proportional to its length. */
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

  /** A JSON number that is an integer from 0 to 2^53 - 1. */
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

  /** The fault that `what` was expected here, or that the text is cut off. */
  private expected(what: string): Fault {
    const isNearCut = !this.isWhole && this.text.length - this.at < LONGEST_TOKEN;
    return isNearCut ? this.tooLong() : this.fault(`has a header in which ${what} is expected`);
  }

  private tooLong(): Fault {
    return this.fault(`has one part of more than ${LOOK_AHEAD} bytes in its header`);
  }
}

/** Longest match of any caller's pattern, except for quoted strings. */
const LONGEST_TOKEN = 1024;

/** When a header is read through a window, at least this much of it is available at once. */
export const LOOK_AHEAD = 2 ** 15;

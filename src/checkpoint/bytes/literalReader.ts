import { type Fault, inputFault } from '../../protocol/index.ts';

/**
 * Reads the text of a header from the left. It is led by the grammar of its caller, so that a hostile header can
 * neither nest nor build anything that the format does not have; every refusal names the place that it stopped at.
 */
export class LiteralReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly locate: (character: number) => string,
    private readonly remedy: string,
  ) {}

  private skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'end')) this.at++;
  }

  /** Index of the next character that is not white space. */
  position(): number {
    this.skipSpace();
    return this.at;
  }

  /** The next character that is not white space, or '' at the end. */
  peek(): string {
    return this.text[this.position()] ?? '';
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
    if (match === null) throw this.fault(`has a header in which ${expected} is expected`);
    return match;
  }

  /** A JSON string, scanned by hand: a pattern would need stack in proportion to its length. */
  jsonString(expected: string): string {
    const start = this.position();
    if (this.text[start] !== '"') throw this.fault(`has a header in which ${expected} is expected`);
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    try {
      const value: string = JSON.parse(this.text.slice(start, end + 1));
      this.at = end + 1;
      return value;
    } catch {
      throw this.fault('has a header with a malformed string');
    }
  }

  /** A JSON number that is a whole one from 0 up to 2^53 - 1. */
  natural(expected: string): number {
    const start = this.position();
    const value = Number(this.demand(/(?:0|[1-9]\d*)(?![\d.eE])/y, `${expected}, a whole number,`)[0]);
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
}

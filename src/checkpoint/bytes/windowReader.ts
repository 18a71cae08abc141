import { isUtf8 } from 'node:buffer';
import type { ByteSource } from './byteSource.ts';
import { LiteralReader, LOOK_AHEAD, latin1Of, utf8Of } from './literalReader.ts';

/** A text of this size is below V8's threshold for large objects, which are kept longer. */
const WINDOW = 3 * LOOK_AHEAD;

/** How many bytes at the end of a window begin a character that continues after it. */
const cutBytes = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
};

/** Where a part of a string ends, from `at` on: at its quote, at an escape that is cut off, or with the text. */
const partEnd = (text: string, at: number): number => {
  let end = at;
  while (end < text.length && text[end] !== '"') {
    const step = text[end] !== '\\' ? 1 : text[end + 1] === 'u' ? 6 : 2;
    if (end + step > text.length) return end;
    end += step;
  }
  return end;
};

/**
 * Reads a header through a moving window, so that it takes little memory however long it is. The window moves only
 * in `fill`: between two calls a caller reads one part, such as a tensor's description, of up to 32 KiB. What has
 * been read of the header is valid UTF-8.
 */
export class WindowReader extends LiteralReader {
  /** The header is the bytes [begin, end) of `source`. */
  constructor(
    private readonly source: ByteSource,
    private readonly begin: number,
    private readonly endByte: number,
    remedy: string,
    private readonly notUtf8 = 'is not UTF-8',
  ) {
    super('', (byte) => `${source.name}, byte ${byte}`, remedy);
    this.origin = begin;
    this.isWhole = false;
  }

  /** Skips white space and makes sure that the next part is in the window. Synchronous if it is there, as usual. */
  fill(): void | Promise<void> {
    this.skipSpace();
    if (!this.isWhole && this.text.length - this.at < LOOK_AHEAD) return this.refill();
  }

  private async refill(): Promise<void> {
    while (!this.isWhole && this.text.length - this.at < LOOK_AHEAD) {
      await this.load();
      this.skipSpace();
    }
  }

  /** Moves the window to the reader's position. */
  private async load(): Promise<void> {
    const from = this.origin + this.at;
    const bytes = await this.source.read(from, Math.min(WINDOW, this.endByte - from));
    this.isWhole = from + bytes.length === this.endByte;
    const whole = this.isWhole ? bytes : bytes.subarray(0, bytes.length - cutBytes(bytes));
    if (!isUtf8(whole)) throw this.fault(this.notUtf8, this.begin);
    this.text = latin1Of(whole);
    this.origin = from;
    this.at = 0;
  }

  /** Moves to byte `position` of the file, before or after this one. */
  override moveTo(position: number): void {
    this.origin = position;
    this.at = 0;
    this.text = '';
    this.isWhole = false;
  }

  /** The rest of the window, from here on. */
  ahead(): string {
    return this.text.slice(this.at);
  }

  /** Skips `count` bytes of what is ahead; false if nothing is left after them. */
  async pass(count: number): Promise<boolean> {
    this.at += count;
    if (this.at === this.text.length && !this.isWhole) await this.load();
    return this.at < this.text.length;
  }

  /** A JSON string of any length; for one of more than `most` bytes, only its length as a number. */
  async longString(expected: string, most: number): Promise<string | number> {
    await this.fill();
    const start = this.position();
    this.demand(/"/y, expected);
    const parts: string[] = [];
    let length = 0;
    for (;;) {
      const end = partEnd(this.text, this.at);
      const part = this.stringPart(end, start);
      length += end - this.at;
      if (length <= most) parts.push(part);
      this.at = end;
      if (this.text[end] === '"') break;
      if (this.isWhole) throw this.malformed(start);
      await this.load();
    }
    this.at++;
    return length > most ? length : parts.join('');
  }

  private stringPart(end: number, start: number): string {
    try {
      return JSON.parse(`"${utf8Of(this.text.slice(this.at, end))}"`);
    } catch {
      throw this.malformed(start);
    }
  }
}

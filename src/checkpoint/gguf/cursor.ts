import { type Fault, inputFault } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';

/** Vocabularies of a million tokens stay below this; anything longer is not a header. */
const MAX_HEADER = 2 ** 26;
const WINDOW = 2 ** 17;
const REMEDY = 'The file is damaged, cut off or not a GGUF file: fetch or convert it again';

/**
 * Reads a header from the left through a window of 128 KiB. Nothing is read, allocated or counted that the rest of the
 * file cannot contain; every refusal names the byte where it stopped.
 */
export class GgufCursor {
  /** Offset of the next byte in the file. */
  at = 0;
  little = true;
  /** Counts and lengths take 8 bytes; 4 in version 1. */
  wide = true;
  /** Lists seen so far, which the metadata reader bounds: a list of lists can contain millions. */
  lists = 0;
  private window: DataView = new DataView(new ArrayBuffer(0));
  private windowAt = 0;
  private readonly end: number;

  constructor(
    private readonly source: ByteSource,
    private readonly allowance: Allowance,
  ) {
    this.end = Math.min(source.size, MAX_HEADER);
  }

  fault(what: string, at = this.at): Fault {
    return inputFault(what, `${this.source.name}, byte ${at}`, REMEDY);
  }

  /** Subtracts memory from the allowance before something is kept. */
  spend(bytes: number): void {
    this.allowance.spend(bytes, (what) => this.fault(what));
  }

  /** Bytes that the header may still take. */
  left(): number {
    return this.end - this.at;
  }

  skip(bytes: number): void {
    if (bytes > this.left()) {
      const isCapped = this.end < this.source.size;
      throw this.fault(isCapped ? `has a header of more than ${MAX_HEADER} bytes` : 'ends within its header');
    }
    this.at += bytes;
  }

  private isInWindow(bytes: number): boolean {
    return this.at >= this.windowAt && this.at + bytes <= this.windowAt + this.window.byteLength;
  }

  /** Skips `bytes` and returns a view of them. */
  private async take(bytes: number): Promise<DataView> {
    const from = this.at;
    if (!this.isInWindow(bytes)) {
      const length = Math.min(Math.max(bytes, WINDOW), Math.max(this.left(), 0));
      const read = await this.source.read(from, length);
      this.window = new DataView(read.buffer, read.byteOffset, read.byteLength);
      this.windowAt = from;
    }
    this.skip(bytes);
    return new DataView(this.window.buffer, this.window.byteOffset + from - this.windowAt, bytes);
  }

  /** One number of `bytes` bytes, as `get` reads it. */
  async number<T>(bytes: number, get: (view: DataView, little: boolean) => T): Promise<T> {
    return get(await this.take(bytes), this.little);
  }

  uint32(): Promise<number> {
    return this.number(4, (view, little) => view.getUint32(0, little));
  }

  uint64(): Promise<bigint> {
    return this.number(8, (view, little) => view.getBigUint64(0, little));
  }

  /** A count or length, unchecked. */
  async count(): Promise<bigint> {
    return this.wide ? this.uint64() : BigInt(await this.uint32());
  }

  /** A count of things that take at least `bytes` bytes each: refused if the file is too short for them. */
  async countOf(what: string, bytes: number): Promise<number> {
    const from = this.at;
    const count = await this.count();
    if (count * BigInt(bytes) > BigInt(this.left())) {
      throw this.fault(
        `claims ${count} ${what} in the ${this.left()} bytes that its header can still have`,
        from,
      );
    }
    return Number(count);
  }

  /** UTF-8 text; of a long one the first `most` bytes. A character that would be cut is left out. */
  async text(what: string, most: number): Promise<{ text: string; isCut: boolean }> {
    const length = await this.countOf(`bytes of ${what}`, 1);
    const view = await this.take(Math.min(length, most));
    this.skip(length - view.byteLength);
    return { text: new TextDecoder().decode(view, { stream: true }), isCut: length > most };
  }

  /** Skips strings; awaits only when the window is used up. */
  async skipTexts(count: number): Promise<void> {
    const bytes = this.wide ? 8 : 4;
    for (let i = 0; i < count; i++) {
      if (!this.isInWindow(bytes)) {
        await this.take(bytes);
        this.at -= bytes;
      }
      const offset = this.at - this.windowAt;
      const length = this.wide
        ? Number(this.window.getBigUint64(offset, this.little))
        : this.window.getUint32(offset, this.little);
      this.skip(bytes);
      this.skip(length);
    }
  }
}

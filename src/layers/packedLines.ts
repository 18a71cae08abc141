import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters that are packed together: some milliseconds of work. */
const TOGETHER = 2 ** 16;
/** The fastest: what is repeated (keys, notes) goes even so, and that is most of it. */
const LEVEL = 1;

/** Many lines of text, kept in a part of their size. None holds a line feed, or half of a surrogate pair. */
export class PackedLines {
  private readonly packed: Buffer[] = [];
  private waiting: string[] = [];
  private length = 0;

  add(line: string): void {
    this.waiting.push(line);
    this.length += line.length;
    if (this.length < TOGETHER) return;
    this.packed.push(deflateRawSync(this.waiting.join('\n'), { level: LEVEL }));
    this.waiting = [];
    this.length = 0;
  }

  /** In the order in which they came. */
  *lines(): Generator<string> {
    for (const each of this.packed) yield* inflateRawSync(each).toString('utf8').split('\n');
    yield* this.waiting;
  }
}

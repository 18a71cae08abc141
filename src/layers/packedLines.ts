import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters that are compressed together: some milliseconds of work. */
const TOGETHER = 2 ** 16;
/** The fastest level: it removes repeated text (keys, notes), which is most of it. */
const LEVEL = 1;

/** Many lines of text, kept compressed. No line contains a line feed or half of a surrogate pair. */
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

  /** In the order in which they were added. */
  *lines(): Generator<string> {
    for (const each of this.packed) yield* inflateRawSync(each).toString('utf8').split('\n');
    yield* this.waiting;
  }
}

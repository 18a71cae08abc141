import type { WindowReader } from '../bytes/windowReader.ts';

/** The range of a topology in the file, in bytes. */
export interface Topology {
  readonly start: number;
  readonly end: number;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d];

/** Tracks the braces and strings of JSON across windows. */
class Braces {
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  /** Index after the brace in `text` that closes the first one, or null if it is not closed in `text`. */
  endIn(text: string): number | null {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.isInString) this.inString(code);
      else if (code === QUOTE) this.isInString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.depth++;
      else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --this.depth === 0) return i + 1;
    }
    return null;
  }

  private inString(code: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (code === BACKSLASH) this.isEscaped = true;
    else if (code === QUOTE) this.isInString = false;
  }
}

/**
 * Skips a model's topology, from brace to brace, and returns its range; null, without moving the reader, if none begins
 * here or it does not end. It is most of a large file, so only braces and strings are examined.
 */
export const skipTopology = async (reader: WindowReader): Promise<Topology | null> => {
  const start = reader.position();
  if (reader.peek() !== '{') return null;
  const braces = new Braces();
  for (let isMore = true; isMore; ) {
    const text = reader.ahead();
    const end = braces.endIn(text);
    isMore = await reader.pass(end ?? text.length);
    if (end !== null) return { start, end: reader.position() };
  }
  reader.moveTo(start);
  return null;
};

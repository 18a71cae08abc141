/** Numbers within the text of a note; the 32 in `F32` does not count. */
const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

interface Footnote {
  /** From 1. */
  readonly place: number;
  /** The texts between the numbers. */
  readonly parts: readonly string[];
  /** The least value of each number, over all rows. */
  readonly least: number[];
  readonly most: number[];
  readonly first: string;
}

/** The note of one row unchanged; for several rows, with a range for each number that differs. */
const merged = ({ parts, least, most, first }: Footnote): string => {
  const texts = first.match(NUMBER) ?? [];
  return parts.reduce((text, part, at) => {
    const [from, to] = [least[at - 1], most[at - 1]];
    return `${text}${from === to ? texts[at - 1] : `${from} to ${to}`}${part}`;
  });
};

/** Notes of many rows as numbered footnotes: those that differ only in their numbers share one. */
export class Footnotes {
  private readonly found = new Map<string, Footnote>();

  /** Adds a note, and returns its mark. */
  mark(note: string): string {
    const parts = note.split(NUMBER);
    const key = JSON.stringify(parts);
    const numbers = (note.match(NUMBER) ?? []).map(Number);
    const known = this.found.get(key);
    if (known === undefined) {
      const place = this.found.size + 1;
      this.found.set(key, { place, parts, least: [...numbers], most: numbers, first: note });
      return `[${place}]`;
    }
    numbers.forEach((number, at) => {
      known.least[at] = Math.min(known.least[at], number);
      known.most[at] = Math.max(known.most[at], number);
    });
    return `[${known.place}]`;
  }

  lines(): string[] {
    return [...this.found.values()].map((footnote) => `[${footnote.place}] ${merged(footnote)}`);
  }
}

/** Numbers within the text of a note; the 32 of `F32` is none. */
const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

interface Footnote {
  /** From one. */
  readonly place: number;
  /** What stands between the numbers. */
  readonly parts: readonly string[];
  readonly numbers: number[][];
  readonly first: string;
}

const range = (values: readonly number[]): string => {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return `${least} to ${most}`;
};

/** The note of one row as it is, that of several with the range of each number in which they differ. */
const merged = ({ parts, numbers, first }: Footnote): string => {
  const texts = first.match(NUMBER) ?? [];
  return parts.reduce((text, part, at) => {
    const values = numbers.map((row) => row[at - 1]);
    const same = values.every((value) => value === values[0]);
    return `${text}${same ? texts[at - 1] : range(values)}${part}`;
  });
};

/** Notes of many rows as numbered footnotes: those that differ only in their numbers share one. */
export class Footnotes {
  private readonly found = new Map<string, Footnote>();

  /** Takes a note in, and gives its mark. */
  mark(note: string): string {
    const parts = note.split(NUMBER);
    const key = JSON.stringify(parts);
    const known = this.found.get(key) ?? { place: this.found.size + 1, parts, numbers: [], first: note };
    known.numbers.push((note.match(NUMBER) ?? []).map(Number));
    this.found.set(key, known);
    return `[${known.place}]`;
  }

  lines(): string[] {
    return [...this.found.values()].map((footnote) => `[${footnote.place}] ${merged(footnote)}`);
  }
}

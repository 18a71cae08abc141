/** One thing wrong with an experiment, before it is located in a text. */
export interface Problem {
  /** Keys and indices from the root. */
  readonly path: readonly PropertyKey[];
  /** Point at the key rather than at its value. */
  readonly atKey?: boolean;
  readonly what: string;
  readonly remedy: string;
}

/** `["data", "strengths", 2]` as the JSON pointer `/data/strengths/2` (RFC 6901). */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const mostMissed = (candidate: string): number => Math.max(1, Math.ceil(candidate.length / 3));

/** The closest of the known words, if it is close enough to be meant: at most a third of its letters differ. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    // A difference in length is a lower bound of the distance: other words need not be compared.
    .filter((candidate) => Math.abs(candidate.length - word.length) <= mostMissed(candidate))
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined || best.distance > mostMissed(best.candidate)) return undefined;
  return best.candidate;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = rows[i - 1][j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, replace);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[from.length][to.length];
}

/** `Did you mean "x"? Known: ...` or the list alone. */
export function suggest(word: string, known: readonly string[], noun: string): string {
  const near = nearest(word, known);
  const list = `${noun}: ${known.map((name) => `"${name}"`).join(', ')}`;
  return near === undefined ? `Use one of the ${list}` : `Did you mean "${near}"? The ${list}`;
}

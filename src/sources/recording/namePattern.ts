import { inputFault, shown } from '../../protocol/index.ts';

/** What differs between the names of files, or of arrays. */
export type Placeholder = 'layer' | 'sample' | 'chunk' | 'split';
export type NameParts = Partial<Record<Placeholder, string>>;

/** Names such as `layer_{layer}_{chunk}.pt`. */
export interface NamePattern {
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
  /** What the placeholders are in a name; null for a name of another form. */
  match(name: string): NameParts | null;
}

const GAP = /(\{(?:layer|sample|chunk|split)\}|\*)/;

/**
 * A pattern from its text. A placeholder is at least one character and ends where what follows it in the pattern begins for the
 * first time, so that matching is linear; `*` may be empty.
 * @throws Fault (input) at `where` for a placeholder twice, or two beside each other.
 */
export const namePattern = (text: string, where: string): NamePattern => {
  const pieces = text.split(GAP);
  const literals = pieces.filter((_, at) => at % 2 === 0);
  const gaps = pieces.filter((_, at) => at % 2 === 1);
  const refuse = (what: string, remedy: string) => inputFault(what, where, remedy);
  if (gaps.some((_, at) => at > 0 && literals[at] === '')) {
    throw refuse(
      `${shown(text)} has two placeholders with nothing between them`,
      'Write what is between them',
    );
  }
  const placeholders = gaps.filter((gap) => gap !== '*').map((gap) => gap.slice(1, -1) as Placeholder);
  const twice = placeholders.find((name, at) => placeholders.indexOf(name) < at);
  if (twice !== undefined) throw refuse(`${shown(text)} has {${twice}} twice`, 'Write * for one of them');
  return { text, placeholders, match: (name) => matched(name, literals, gaps) };
};

const matched = (name: string, literals: readonly string[], gaps: readonly string[]): NameParts | null => {
  if (gaps.length === 0) return name === literals[0] ? {} : null;
  if (!name.startsWith(literals[0])) return null;
  const parts: NameParts = {};
  let at = literals[0].length;
  for (const [index, gap] of gaps.entries()) {
    const next = literals[index + 1];
    const least = gap === '*' ? 0 : 1;
    const isLast = index === gaps.length - 1;
    const end = isLast ? name.length - next.length : name.indexOf(next, at + least);
    if (end < at + least || (isLast && !name.endsWith(next))) return null;
    if (gap !== '*') parts[gap.slice(1, -1) as Placeholder] = name.slice(at, end);
    at = end + next.length;
  }
  return parts;
};

/** A name with its placeholder's place taken by text: what `match` reads. */
export const filledIn = (text: string, parts: NameParts): string =>
  text.replace(/\{(layer|sample|chunk|split)\}/g, (gap, name: Placeholder) => parts[name] ?? gap);

const { compare } = new Intl.Collator('en', { numeric: true });

/** By the numbers in names, then by their letters: `layer.2` is before `layer.10`. */
export const byNumber = (a: string, b: string): number => compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

import type { LocatedProblem } from '../../src/experiment/index.ts';

/** The text of a diagnostic, and where it begins. */
export type ProblemAt = Pick<LocatedProblem, 'offset' | 'pointer' | 'what' | 'remedy'>;

/** Longer keys and values are underlined only up to this length. */
const LONGEST = 500;
const STRING = /"(?:[^"\\\r\n]|\\.){0,500}"?/y;
const WORD = /[^\s,:{}[\]"]{1,500}/y;

const match = (pattern: RegExp, text: string, offset: number): number => {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
};

/** The length of a short list or object that ends on its own line; 0 otherwise. */
const lengthOnLine = (text: string, offset: number): number => {
  let depth = 0;
  for (let at = offset; at < Math.min(text.length, offset + LONGEST) && text[at] !== '\n'; at++) {
    const char = text[at];
    if (char === '"') at += match(STRING, text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1 - offset;
  }
  return 0;
};

/**
 * The part of the text to underline for a problem at an offset: the key or value there; for a list or object over
 * several lines only the bracket, and at the end of the text the last character.
 */
export const underlined = (text: string, offset: number): readonly [start: number, end: number] => {
  if (offset >= text.length) return [Math.max(0, text.length - 1), text.length];
  const char = text[offset];
  const length =
    char === '"'
      ? match(STRING, text, offset)
      : char === '{' || char === '['
        ? lengthOnLine(text, offset)
        : match(WORD, text, offset);
  return [offset, offset + Math.max(1, length)];
};

/**
 * The problems to show. While the user types, only those of rules: the editor's JSON support finds the others with our
 * schema. When a command requested all, also the others, except on a line (from 1) that already has one.
 */
export const shownProblems = (
  problems: readonly LocatedProblem[],
  all: boolean,
  linesOfOthers: ReadonlySet<number>,
): readonly LocatedProblem[] =>
  problems.filter(({ source, line }) => source === 'rule' || (all && !linesOfOthers.has(line)));

/** The experiment or inspection file and the JSON pointer that a fault's `where` names; null when it names another kind of place. */
export const experimentPlace = (where: string): { file: string; pointer: string } | null => {
  const [, file, pointer] = /^(.*\.(?:experiment|inspection)\.json)(?::\d+:\d+)? (\/.*)$/s.exec(where) ?? [];
  return file === undefined ? null : { file, pointer };
};

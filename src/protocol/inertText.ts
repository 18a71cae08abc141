/**
 * Text from outside (a file, a name in it, a path, a system error) made harmless to show: nothing in it acts on a
 * terminal or an editor, nothing in it is hidden, and it is short. It is plain text, and looks like plain text.
 */

/** Longest text that is shown in one piece; `shown` cuts names shorter. */
export const LONGEST_TEXT = 500;

/**
 * Characters that are not shown as themselves: control characters, separators of lines, halves of surrogate pairs,
 * marks that change the direction of text, and characters without width (except the joiners U+200C and U+200D, which
 * some scripts need).
 */
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`;

/** The text with hidden characters made visible: `\u001b` for an escape character. */
export const visible = (text: string): string => text.replace(HIDDEN, escaped);

/**
 * The same for the text of a JSON document, where such characters occur only in strings: it parses to the
 * same values.
 */
export const visibleJson = (json: string): string =>
  json.replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** At most `longest` UTF-16 units: the beginning and `…`; a surrogate pair is not cut in two. */
export const shortened = (text: string, longest: number): string => {
  if (text.length <= longest) return text;
  const end = longest - 1;
  const isHalf = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, isHalf ? end - 1 : end)}…`;
};

/** One line: what follows a line feed is joined to it by one space. Linear time, however much white space there is. */
const onOneLine = (text: string): string =>
  /[\r\n]/.test(text)
    ? text
        .split(/[\r\n]/)
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .join(' ')
    : text;

/** One short line for a terminal, where nothing but hidden characters acts: names are kept as they are. Idempotent. */
export const visibleLine = (text: string, longest = LONGEST_TEXT): string =>
  // Cut before and after: this bounds both the work and the length of the escaped text.
  shortened(visible(onOneLine(shortened(text, longest))), longest);

/**
 * One short line that is only text wherever VS Code or a terminal shows it. VS Code turns `[text](command:id)` in
 * messages into links and `$(name)` in labels into icons: an inserted space prevents both. Idempotent.
 */
export const inert = (text: string, longest = LONGEST_TEXT): string =>
  shortened(visibleLine(text, longest).replaceAll('](', '] (').replaceAll('$(', '$ ('), longest);

const LONGEST_NAME = 80;

/** A name from a file, for a message: as JSON, so that it is visibly text, and cut to a readable length. */
export const shown = (name: string): string => inert(JSON.stringify(shortened(name, LONGEST_NAME)));

/** No document has more than a dozen levels; much deeper ones could overflow the stack. */
export const MOST_LEVELS = 64;

const [QUOTE, BACKSLASH, BRACKET, BRACKET_END, BRACE, BRACE_END] = [...'"\\[]{}'].map((letter) =>
  letter.charCodeAt(0),
);

/** Where a string that begins at `start` ends: the place of its last quote, or the end of the text. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
};

/** The index in a JSON text at which lists and objects are nested more than `MOST_LEVELS` deep; null if they are not. */
export const tooDeepAt = (text: string): number | null => {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === BRACKET || code === BRACE) {
      if (++depth > MOST_LEVELS) return at;
    } else if (code === BRACKET_END || code === BRACE_END) depth--;
  }
  return null;
};

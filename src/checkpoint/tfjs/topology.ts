const KEY = '"modelTopology"';
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d];

/** Index after the string that begins at `at`. */
const afterString = (text: string, at: number): number => {
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) !== QUOTE) {
    end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  }
  return end + 1;
};

/** Where the object begins that follows a key, or -1 when something else follows. */
const objectAfter = (text: string, at: number): number => {
  const opening = /[ \t\r\n]*:[ \t\r\n]*\{/y;
  opening.lastIndex = at;
  return opening.test(text) ? opening.lastIndex - 1 : -1;
};

/**
 * The range of a model's topology in the text of its model.json, from brace to brace, or null when there is none. It
 * is most of a large file and nothing of it is needed: it is stepped over by its braces and strings, without
 * recursion, and not checked further.
 */
export const topologyRange = (text: string): { start: number; end: number } | null => {
  let depth = 0;
  let start = -1;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = afterString(text, i);
      const isKey = depth === 1 && start < 0 && end - i === KEY.length && text.startsWith(KEY, i);
      if (isKey) start = objectAfter(text, end);
      i = end;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    i++;
    if (start >= 0 && i > start && depth === 1) return { start, end: i };
  }
  return null;
};

const SIMPLE = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
]);

/** The text of a Python string literal of protocol 0, `'a\n'`; null when it has no quotes around it. */
export const unquoted = (literal: string): string | null => {
  const text = literal.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) return null;
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, code: string) =>
      code.length === 3
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : (SIMPLE.get(code) ?? whole),
    );
};

/** Text in Python's raw-unicode-escape, which protocol 0 uses: latin-1 and `\uXXXX`, `\UXXXXXXXX`. */
export const unescaped = (line: string): string =>
  line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '0', 16);
    return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });

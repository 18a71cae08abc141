import { inputFault } from '../../protocol/index.ts';

export interface CsvRow {
  /** Line of the file that the row starts on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Parses CSV as in RFC 4180: fields with commas (or another separator) between them, quoted with `"` (doubled inside) if they
 * contain separators, quotes or line ends; LF or CRLF. Blank lines and a byte-order mark are skipped.
 */
export const parseCsv = (text: string, path: string, separator = ','): CsvRow[] => {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const endRow = () => {
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: rowLine, fields });
    fields = [];
    rowLine = ++line;
  };
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      const opened = line;
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) {
          throw inputFault('opens a quote that never closes', `${path}, line ${opened}`, 'Close the quote');
        }
        if (text[at] === '"') at++;
        if (text[at] === '\n') line++;
        value += text[at];
      }
      at++;
    }
    const start = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
    value += text.slice(start, at).replace(/\r$/, '');
    fields.push(value);
    if (text[at] === separator) {
      at++;
      if (at === text.length || text[at] === '\n') fields.push('');
    }
    if (at >= text.length || text[at] === '\n') {
      endRow();
      at++;
    }
  }
  return rows;
};

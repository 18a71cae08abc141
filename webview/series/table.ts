/** A figure's data table: the document's own numbers, unrounded. */
export type Cell = string | number | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const field = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A spreadsheet evaluates text that begins like a formula; a leading apostrophe prevents that.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180 with a heading line; null is an empty field. */
export const toCsv = (table: Table): string =>
  [table.columns, ...table.rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');

import { type CsvCell, csvLine } from '../../src/protocol/messages.ts';

/** A figure's data table: the document's own numbers, unrounded. */
export type Cell = CsvCell;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** With a heading line; null is an empty field. */
export const toCsv = (table: Table): string => [table.columns, ...table.rows].map(csvLine).join('');

const GAP = '  ';

/** Columns of a table for a terminal, each as wide as its widest cell: texts to the left, numbers to the right. */
export class TextColumns {
  private readonly widths: number[] = [];

  /** `isText` says of a column, by its place, whether it holds texts. */
  constructor(private readonly isText: (column: number) => boolean) {}

  /** Makes room for a row; all of them come before the first line. */
  fit(row: readonly string[]): void {
    row.forEach((cell, at) => {
      this.widths[at] = Math.max(this.widths[at] ?? 0, cell.length);
    });
  }

  line(row: readonly string[]): string {
    const pad = (cell: string, at: number) =>
      this.isText(at) ? cell.padEnd(this.widths[at]) : cell.padStart(this.widths[at]);
    return row.map(pad).join(GAP).trimEnd();
  }

  /** Of all columns and the gaps between them. */
  get width(): number {
    return this.widths.reduce((sum, width) => sum + width, GAP.length * Math.max(0, this.widths.length - 1));
  }
}

/** Rows as lines; by default the first column holds texts. */
export const textTable = (
  rows: readonly (readonly string[])[],
  isText = (column: number): boolean => column === 0,
): string[] => {
  const columns = new TextColumns(isText);
  for (const row of rows) columns.fit(row);
  return rows.map((row) => columns.line(row));
};

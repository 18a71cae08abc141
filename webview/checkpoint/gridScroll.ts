/** What is in view between two ends, in px. */
export interface Span {
  readonly from: number;
  readonly length: number;
}

/** Where a view has to begin to show `part` whole, moved no further than it must. */
export const revealing = (view: Span, part: Span): number => {
  if (part.from < view.from) return part.from;
  return Math.max(view.from, part.from + part.length - view.length);
};

/** Where the column at `index` lies among those that are scrolled: all but the first. */
export const columnSpan = (widths: readonly number[], index: number): Span => ({
  from: widths.slice(1, index).reduce((sum, width) => sum + width, 0),
  length: widths[index],
});

/** First row and the one after the last that lie in a view of rows of one height, `more` rows beyond it on either side. */
export const rowsInView = (
  { from, length }: Span,
  rowHeight: number,
  rows: number,
  more: number,
): readonly [from: number, to: number] => {
  const within = (row: number): number => Math.max(0, Math.min(rows, row));
  return [within(Math.floor(from / rowHeight) - more), within(Math.ceil((from + length) / rowHeight) + more)];
};

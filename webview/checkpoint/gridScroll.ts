/** A visible range, in px. */
export interface Span {
  readonly from: number;
  readonly length: number;
}

/** Where a view has to begin to show `part` completely with the least movement. */
export const revealing = (view: Span, part: Span): number => {
  if (part.from < view.from) return part.from;
  return Math.max(view.from, part.from + part.length - view.length);
};

/** The range of the column at `index` among the scrolled ones: all but the first. */
export const columnSpan = (widths: readonly number[], index: number): Span => ({
  from: widths.slice(1, index).reduce((sum, width) => sum + width, 0),
  length: widths[index],
});

/** First visible row and the one after the last, for rows of one height, plus `more` rows on either side. */
export const rowsInView = (
  { from, length }: Span,
  rowHeight: number,
  rows: number,
  more: number,
): readonly [from: number, to: number] => {
  const within = (row: number): number => Math.max(0, Math.min(rows, row));
  return [within(Math.floor(from / rowHeight) - more), within(Math.ceil((from + length) / rowHeight) + more)];
};

import { fill } from '../../figures/element.ts';
import type { LayerColumn } from '../series/columns.ts';
import { columnSpan, type GridPlace, revealing, rowsInView, type Span } from '../series/grid.ts';

/** Scrolling of the grid: its heading stays at the top, and the first column at the left. */
export interface GridView {
  /** The visible rows, and `more` on either side: the first, and the one after the last. */
  rows(count: number, more: number): readonly [from: number, to: number];
  /** Rows that Page Up and Page Down pass. */
  page(): number;
  /** Scrolls as little as needed to show a place whose cell is `cell`. */
  reveal(place: GridPlace, columns: readonly LayerColumn[], cell: HTMLElement | null): void;
  /** Scrolls by a number of rows. */
  follow(rows: number): void;
  toTop(): void;
}

export const createGridView = (root: HTMLElement, heading: HTMLElement, rowHeight: number): GridView => {
  const height = (): number => Math.max(rowHeight, root.clientHeight - heading.offsetHeight);
  const vertical = (): Span => ({ from: root.scrollTop, length: height() });
  return {
    rows: (count, more) => rowsInView(vertical(), rowHeight, count, more),
    page: () => Math.max(1, Math.floor(height() / rowHeight) - 1),
    reveal: ({ row, column }, columns, cell) => {
      if (row >= 0) root.scrollTop = revealing(vertical(), { from: row * rowHeight, length: rowHeight });
      if (column > 0) {
        // The name stays at the left, above the scrolled columns.
        const widths = columns.map(({ width }) => width);
        const room = { from: root.scrollLeft, length: root.clientWidth - widths[0] };
        root.scrollLeft = revealing(room, columnSpan(widths, column));
        return;
      }
      // Unless the page is narrow.
      if (cell && getComputedStyle(cell).position !== 'sticky') root.scrollLeft = 0;
    },
    follow: (rows) => {
      root.scrollTop += rows * rowHeight;
    },
    toTop: () => {
      root.scrollTop = 0;
    },
  };
};

/** The rows of a long table that are in the DOM. */
export interface DrawnRows {
  /** By their index in the table. */
  readonly nodes: ReadonlyMap<number, HTMLElement>;
  /** Adds these rows to the page and removes the others; rows that stay are not redrawn. */
  show(from: number, to: number): void;
  /** Redraws the rows for which `outdated` is true when they are next shown. */
  forget(outdated: (index: number) => boolean): void;
}

export const createDrawnRows = (body: HTMLElement, draw: (index: number) => HTMLElement): DrawnRows => {
  let nodes = new Map<number, HTMLElement>();
  return {
    get nodes() {
      return nodes;
    },
    show: (from, to) => {
      const next = new Map<number, HTMLElement>();
      for (let index = from; index < to; index++) next.set(index, nodes.get(index) ?? draw(index));
      nodes = next;
      const shown = [...next.values()];
      const same =
        shown.length === body.children.length && shown.every((node, i) => node === body.children[i]);
      if (!same) fill(body, shown);
    },
    forget: (outdated) => {
      for (const index of [...nodes.keys()]) if (outdated(index)) nodes.delete(index);
    },
  };
};

import { fill } from '../../figures/element.ts';
import type { LayerColumn } from '../series/columns.ts';
import { columnSpan, type GridPlace, revealing, rowsInView, type Span } from '../series/grid.ts';

/** How the grid is scrolled: its heading stays at the top, and the first column at the left. */
export interface GridView {
  /** Rows in view, and `more` on either side: the first, and the one after the last. */
  rows(count: number, more: number): readonly [from: number, to: number];
  /** Rows that Page Up and Page Down pass. */
  page(): number;
  /** Scrolls as little as shows a place whose cell is `cell`. */
  reveal(place: GridPlace, columns: readonly LayerColumn[], cell: HTMLElement | null): void;
  /** Scrolls on by a number of rows. */
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
        // The name stays in place at the left, over what is scrolled.
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

/** The rows of a long table that are in the page. */
export interface DrawnRows {
  /** By their place in the table. */
  readonly nodes: ReadonlyMap<number, HTMLElement>;
  /** Puts these rows into the page and takes the others out; those that stay are not drawn anew. */
  show(from: number, to: number): void;
  /** Has the rows for which `outdated` holds drawn anew when they are next shown. */
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

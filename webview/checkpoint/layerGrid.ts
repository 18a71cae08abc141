import * as l10n from '@vscode/l10n';
import { element } from '../figures/element.ts';
import { type GridRow, type LayerOrder, layersOf } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { placedCells } from '../series/weightRowCells.ts';
import type { LayerRow } from '../series/weightRows.ts';
import { cellWords, headingWords } from './cellWords.ts';
import { cellElement } from './gridCells.ts';
import { headingCell } from './gridHeading.ts';
import { type GridPlace, moveInGrid, rowsInView } from './gridKeys.ts';
import { columnSpan, revealing } from './gridScroll.ts';

/** Px; the style sheet has the same. */
const ROW_HEIGHT = 24;
/** Rows drawn beyond either end of the view. */
const MORE = 6;

export interface GridOptions {
  onSort(column: LayerColumn): void;
  onToggle(pattern: string): void;
  onSelect(layer: string): void;
  /** Other rows came into view. */
  onScroll(): void;
  /** What the active cell says in full; empty without one. */
  onActive(words: string): void;
  warningsOf(row: LayerRow): readonly string[];
}

/** The table of layers: only the rows in view are in the page, however many there are. */
export interface LayerGrid {
  readonly root: HTMLElement;
  show(columns: readonly LayerColumn[], rows: readonly GridRow[], order: LayerOrder | null): void;
  /** Draws the rows of these layers again. */
  refresh(changed: ReadonlySet<string>): void;
  select(layer: string | null): void;
  /** Scrolls to a layer and makes it the active row. */
  reveal(layer: string): void;
  visible(): readonly GridRow[];
  toTop(): void;
}

const keyOf = (row: GridRow): string =>
  row.kind === 'layer' ? `layer ${row.row.name}` : `group ${row.pattern}`;

export const createLayerGrid = (options: GridOptions): LayerGrid => {
  const head = element('div', { role: 'row', class: 'row', 'aria-rowindex': '1' });
  const headGroup = element('div', { role: 'rowgroup', class: 'grid-head' }, head);
  const body = element('div', { role: 'rowgroup', class: 'grid-body' });
  const root = element(
    'div',
    { class: 'layer-grid', role: 'grid', tabindex: '0', 'aria-label': l10n.t('Layers') },
    headGroup,
    body,
  );
  let columns: readonly LayerColumn[] = [];
  let rows: readonly GridRow[] = [];
  let selected: string | null = null;
  let active: GridPlace = { row: 0, column: 0 };
  let drawn = new Map<number, HTMLElement>();

  const bodyHeight = (): number => Math.max(ROW_HEIGHT, root.clientHeight - headGroup.offsetHeight);
  const inView = (more: number): readonly [number, number] =>
    rowsInView(root.scrollTop, bodyHeight(), ROW_HEIGHT, rows.length, more);

  const drawRow = (index: number): HTMLElement => {
    const row = rows[index];
    const node = element('div', {
      role: 'row',
      class: `row ${row.kind}`,
      'aria-rowindex': String(index + 2),
    });
    if (row.kind === 'layer' && row.inside) node.classList.add('inside');
    node.dataset.row = String(index);
    node.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    for (const placed of placedCells(row, columns))
      node.append(cellElement(row, columns, placed, `cell-${index}-${placed.column}`, options.warningsOf));
    return node;
  };

  const cellNode = ({ row, column }: GridPlace): HTMLElement | null => {
    const cells = row < 0 ? head.children : (drawn.get(row)?.children ?? []);
    // A cell over several columns is the active one in each of them.
    return ([...cells] as HTMLElement[]).findLast((cell) => Number(cell.dataset.column) <= column) ?? null;
  };

  /** Marks the active cell and the selected row among those that are drawn. */
  const mark = (): void => {
    root.querySelector('.active')?.classList.remove('active');
    const cell = cellNode(active);
    cell?.classList.add('active');
    if (cell) root.setAttribute('aria-activedescendant', cell.id);
    else root.removeAttribute('aria-activedescendant');
    for (const [index, node] of drawn) {
      const row = rows[index];
      const chosen = row.kind === 'layer' && row.row.name === selected;
      node.classList.toggle('selected', chosen);
      if (row.kind === 'layer') node.setAttribute('aria-selected', String(chosen));
    }
  };

  const render = (): void => {
    const [from, to] = inView(MORE);
    const next = new Map<number, HTMLElement>();
    for (let index = from; index < to; index++) next.set(index, drawn.get(index) ?? drawRow(index));
    const same = next.size === drawn.size && [...next].every(([index, node]) => drawn.get(index) === node);
    drawn = next;
    if (!same || body.children.length !== next.size) body.replaceChildren(...next.values());
    mark();
  };

  const wordsOf = ({ row, column }: GridPlace): string => {
    const described = columns[column];
    if (!described) return '';
    if (row < 0) return headingWords(described);
    return rows[row] ? cellWords(rows[row], described, options.warningsOf) : '';
  };

  const scrollTo = ({ row, column }: GridPlace): void => {
    if (row >= 0) {
      const view = { from: root.scrollTop, length: bodyHeight() };
      root.scrollTop = revealing(view, { from: row * ROW_HEIGHT, length: ROW_HEIGHT });
    }
    const widths = columns.map(({ width }) => width);
    if (column > 0) {
      // The name stays in place at the left, over what is scrolled.
      const view = { from: root.scrollLeft, length: root.clientWidth - widths[0] };
      root.scrollLeft = revealing(view, columnSpan(widths, column));
      return;
    }
    // Unless the page is narrow.
    const cell = cellNode({ row, column });
    if (cell && getComputedStyle(cell).position !== 'sticky') root.scrollLeft = 0;
  };

  const activate = (place: GridPlace): void => {
    active = place;
    scrollTo(place);
    const row = rows[place.row];
    if (row?.kind === 'layer') options.onSelect(row.row.name);
    render();
    options.onActive(wordsOf(place));
  };

  /** What Enter and a click do: sort by a heading, open or close a block. */
  const press = ({ row, column }: GridPlace): void => {
    if (row < 0) {
      if (!columns[column].spark) options.onSort(columns[column]);
      return;
    }
    const pressed = rows[row];
    if (pressed?.kind === 'group') options.onToggle(pressed.pattern);
  };

  root.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(bodyHeight() / ROW_HEIGHT) - 1);
    const size = { rows: rows.length, columns: columns.length, page };
    const moved = moveInGrid(event.key, event.ctrlKey, active, size);
    if (moved) activate(moved);
    else if (event.key === 'Enter' || event.key === ' ') press(active);
    else return;
    event.preventDefault();
  });
  root.addEventListener('click', (event) => {
    const cell = (event.target as Element).closest<HTMLElement>('.cell');
    if (!cell) return;
    const place = {
      row: Number(cell.closest<HTMLElement>('.row')?.dataset.row ?? -1),
      column: Number(cell.dataset.column),
    };
    activate(place);
    press(place);
  });
  root.addEventListener('focus', () => options.onActive(wordsOf(active)));
  root.addEventListener('scroll', () => {
    render();
    options.onScroll();
  });
  new ResizeObserver(() => {
    render();
    options.onScroll();
  }).observe(root);

  return {
    root,
    show: (nextColumns, nextRows, order) => {
      const before = rows[active.row];
      [columns, rows, drawn] = [nextColumns, nextRows, new Map()];
      const kept = before ? rows.findIndex((row) => keyOf(row) === keyOf(before)) : -1;
      const row = active.row < 0 ? -1 : kept >= 0 ? kept : Math.min(active.row, rows.length - 1);
      const moved = kept >= 0 ? kept - active.row : 0;
      active = { row, column: Math.min(active.column, columns.length - 1) };
      root.style.setProperty('--columns', columns.map(({ width }) => `${width}px`).join(' '));
      root.setAttribute('aria-rowcount', String(rows.length + 1));
      root.setAttribute('aria-colcount', String(columns.length));
      head.replaceChildren(...columns.map((column, index) => headingCell(column, index, order)));
      body.style.height = `${rows.length * ROW_HEIGHT}px`;
      // A person who is at a row stays there when new values sort it elsewhere.
      if (document.activeElement === root) root.scrollTop += moved * ROW_HEIGHT;
      render();
    },
    refresh: (changed) => {
      for (const index of [...drawn.keys()])
        if (layersOf(rows[index]).some(({ name }) => changed.has(name))) drawn.delete(index);
      render();
    },
    select: (layer) => {
      selected = layer;
      mark();
    },
    reveal: (layer) => {
      const row = rows.findIndex((one) => one.kind === 'layer' && one.row.name === layer);
      if (row >= 0) activate({ row, column: 0 });
    },
    visible: () => rows.slice(...inView(0)),
    toTop: () => {
      root.scrollTop = 0;
    },
  };
};

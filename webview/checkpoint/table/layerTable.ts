import * as l10n from '@vscode/l10n';
import { element, fill } from '../../figures/element.ts';
import type { LayerColumn } from '../series/columns.ts';
import { type GridPlace, type GridSize, moveInGrid, placeAmong } from '../series/grid.ts';
import type { LayerWarning } from '../series/health.ts';
import { cellWords, headingWords } from '../series/rowCells.ts';
import { type GridRow, type LayerOrder, type LayerRow, layersOf } from '../series/rows.ts';
import { headingCell, rowElement } from './cells.ts';
import { createDrawnRows, createGridView } from './scroll.ts';

/** Px; the same as in the style sheet. */
const ROW_HEIGHT = 24;
/** Rows drawn beyond either end of the view. */
const MORE = 6;

export interface GridOptions {
  onSort(column: LayerColumn): void;
  onToggle(pattern: string): void;
  onSelect(layer: string): void;
  /** Other rows became visible. */
  onScroll(): void;
  /** The full text of the active cell; empty without one. */
  onActive(words: string): void;
  warningsOf(row: LayerRow): readonly LayerWarning[];
}

/** The table of layers: only the visible rows are in the DOM, however many there are. */
export interface LayerGrid {
  readonly root: HTMLElement;
  show(columns: readonly LayerColumn[], rows: readonly GridRow[], order: LayerOrder | null): void;
  /** Redraws the rows of these layers. */
  refresh(changed: ReadonlySet<string>): void;
  select(layer: string | null): void;
  /** Scrolls to a layer and makes it the active row. */
  reveal(layer: string): void;
  visible(): readonly GridRow[];
  toTop(): void;
}

const isLayer = (row: GridRow, name: string | null): boolean => row.kind === 'layer' && row.row.name === name;

/** The empty table. */
const createGridParts = () => {
  const head = element('div', { role: 'row', class: 'row', 'aria-rowindex': '1' });
  const headGroup = element('div', { role: 'rowgroup', class: 'grid-head' }, head);
  const body = element('div', { role: 'rowgroup', class: 'grid-body' });
  const attributes = { class: 'layer-grid', role: 'grid', tabindex: '0', 'aria-label': l10n.t('Layers') };
  return { root: element('div', attributes, headGroup, body), headGroup, head, body };
};

type RowNodes = ReturnType<typeof createDrawnRows>['nodes'];

/** The drawn cell at a place, -1 being the row of headings; a cell over several columns is at each of them. */
const cellNodeAt = (head: HTMLElement, nodes: RowNodes, { row, column }: GridPlace): HTMLElement | null => {
  const cells = row < 0 ? head.children : (nodes.get(row)?.children ?? []);
  return ([...cells] as HTMLElement[]).findLast((cell) => Number(cell.dataset.column) <= column) ?? null;
};

const markActive = (root: HTMLElement, cell: HTMLElement | null): void => {
  root.querySelector('.active')?.classList.remove('active');
  cell?.classList.add('active');
  if (cell) root.setAttribute('aria-activedescendant', cell.id);
  else root.removeAttribute('aria-activedescendant');
};

const markSelected = (nodes: RowNodes, rows: readonly GridRow[], layer: string | null): void => {
  for (const [index, node] of nodes) {
    const chosen = isLayer(rows[index], layer);
    node.classList.toggle('selected', chosen);
    if (rows[index].kind === 'layer') node.setAttribute('aria-selected', String(chosen));
  }
};

/** The full text of a cell or a heading; empty where there is none. */
const wordsAt = (
  place: GridPlace,
  rows: readonly GridRow[],
  columns: readonly LayerColumn[],
  warningsOf: GridOptions['warningsOf'],
): string => {
  const [row, column] = [rows[place.row], columns[place.column]];
  if (column && place.row < 0) return headingWords(column);
  return row && column ? cellWords(row, column, warningsOf) : '';
};

/** Sorts by a heading, or opens or closes the block of a row. */
const press = (
  row: GridRow | undefined,
  heading: LayerColumn | undefined,
  { onSort, onToggle }: GridOptions,
): void => {
  if (heading && !heading.spark) onSort(heading);
  if (row?.kind === 'group') onToggle(row.pattern);
};

/** Other rows are in view after scrolling, and in another size. */
const watchView = (root: HTMLElement, onView: () => void): void => {
  root.addEventListener('scroll', onView);
  new ResizeObserver(onView).observe(root);
};

/** The headings, and room for all rows. */
const layOut = (
  { root, head, body }: ReturnType<typeof createGridParts>,
  columns: readonly LayerColumn[],
  rows: number,
  order: LayerOrder | null,
): void => {
  root.style.setProperty('--columns', columns.map(({ width }) => `${width}px`).join(' '));
  root.setAttribute('aria-rowcount', String(rows + 1));
  root.setAttribute('aria-colcount', String(columns.length));
  fill(
    head,
    columns.map((column, index) => headingCell(column, index, order)),
  );
  body.style.height = `${rows * ROW_HEIGHT}px`;
};

export const createLayerGrid = (options: GridOptions): LayerGrid => {
  const { warningsOf } = options;
  const parts = createGridParts();
  const { root, head } = parts;
  let columns: readonly LayerColumn[] = [];
  let rows: readonly GridRow[] = [];
  let selected: string | null = null;
  let active: GridPlace = { row: 0, column: 0 };
  const view = createGridView(root, parts.headGroup, ROW_HEIGHT);
  const drawn = createDrawnRows(parts.body, (index) =>
    rowElement(rows[index], index, index * ROW_HEIGHT, columns, warningsOf),
  );

  const activeCell = (): HTMLElement | null => cellNodeAt(head, drawn.nodes, active);
  /** Marks the active cell and the selected row among those that are drawn. */
  const mark = (): void => {
    markActive(root, activeCell());
    markSelected(drawn.nodes, rows, selected);
  };
  const render = (): void => {
    drawn.show(...view.rows(rows.length, MORE));
    mark();
  };

  const sayActive = (): void => options.onActive(wordsAt(active, rows, columns, warningsOf));
  const activate = (place: GridPlace): void => {
    active = place;
    view.reveal(place, columns, activeCell());
    const row = rows[place.row];
    if (row?.kind === 'layer') options.onSelect(row.row.name);
    render();
    sayActive();
  };
  listenToGrid(root, {
    size: () => ({ rows: rows.length, columns: columns.length, page: view.page() }),
    active: () => active,
    onMove: activate,
    onPress: ({ row, column }) => press(rows[row], row < 0 ? columns[column] : undefined, options),
  });
  root.addEventListener('focus', sayActive);
  watchView(root, () => {
    render();
    options.onScroll();
  });

  return {
    root,
    show: (nextColumns, nextRows, order) => {
      const { place, moved } = placeAmong(active, rows, nextRows, nextColumns.length);
      [columns, rows, active] = [nextColumns, nextRows, place];
      drawn.forget(() => true);
      layOut(parts, columns, rows.length, order);
      // The active row stays in view when new values move it.
      if (document.activeElement === root) view.follow(moved);
      render();
    },
    refresh: (changed) => {
      drawn.forget((index) => layersOf(rows[index]).some(({ name }) => changed.has(name)));
      render();
    },
    select: (layer) => {
      selected = layer;
      mark();
    },
    reveal: (layer) => {
      const row = rows.findIndex((one) => isLayer(one, layer));
      if (row >= 0) activate({ row, column: 0 });
    },
    visible: () => rows.slice(...view.rows(rows.length, 0)),
    toTop: view.toTop,
  };
};

interface GridInput {
  size(): GridSize;
  active(): GridPlace;
  /** Another cell becomes the active one. */
  onMove(place: GridPlace): void;
  /** A cell was clicked, or Enter or Space was pressed on the active one. */
  onPress(place: GridPlace): void;
}

const placeOf = (target: EventTarget | null): GridPlace | null => {
  const cell = (target as Element).closest<HTMLElement>('.cell');
  if (!cell) return null;
  const row = Number(cell.closest<HTMLElement>('.row')?.dataset.row ?? -1);
  return { row, column: Number(cell.dataset.column) };
};

/** Handles keys and clicks in a grid. */
const listenToGrid = (root: HTMLElement, { size, active, onMove, onPress }: GridInput): void => {
  root.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey) return;
    const moved = moveInGrid(event.key, event.ctrlKey, active(), size());
    if (moved) onMove(moved);
    else if (event.key === 'Enter' || event.key === ' ') onPress(active());
    else return;
    event.preventDefault();
  });
  root.addEventListener('click', (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    onMove(place);
    onPress(place);
  });
};

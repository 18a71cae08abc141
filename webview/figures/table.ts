import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from '../series/format.ts';
import { type Cell, type Table, toCsv } from '../series/table.ts';
import { element } from './element.ts';

/** Rows rendered at once; a copy contains all of them. */
const ROW_LIMIT = 1000;

const cellElement = (cell: Cell, index: number): HTMLElement => {
  if (cell === null) return element('td', { class: 'number' }, '–');
  if (typeof cell === 'number') {
    const printed = formatNumber(cell);
    return element('td', { class: 'number', title: String(cell) }, printed);
  }
  return index === 0 ? element('th', { scope: 'row' }, cell) : element('td', {}, cell);
};

/** An HTML table; numbers to four digits, with the document's own number as the cell's title. */
export const tableElement = (table: Table, label: string): HTMLElement => {
  const rows = table.rows.slice(0, ROW_LIMIT);
  const heading = element(
    'tr',
    {},
    table.columns.map((column) => element('th', { scope: 'col' }, column)),
  );
  const body = element(
    'tbody',
    {},
    rows.map((row) =>
      element(
        'tr',
        {},
        row.map((cell, index) => cellElement(cell, index)),
      ),
    ),
  );
  // A region that scrolls must be reachable by keyboard.
  const scroller = element('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': label });
  scroller.append(element('table', {}, element('thead', {}, heading), body));
  return scroller;
};

const copyButton = (table: () => Table): HTMLButtonElement => {
  const button = element('button', { type: 'button' }, l10n.t('Copy as CSV'));
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(toCsv(table())).then(
      () => button.replaceChildren(l10n.t('Copied')),
      () => button.replaceChildren(l10n.t('The browser did not allow copying')),
    );
  });
  return button;
};

export interface TableToggle {
  readonly root: HTMLElement;
  update(): void;
}

/** A figure's data table, built when it is first opened. */
export const tableToggle = (title: string, table: () => Table): TableToggle => {
  const content = element('div');
  const root = element(
    'details',
    { class: 'behind' },
    element('summary', {}, l10n.t('Show as table')),
    content,
  );
  const update = (): void => {
    if (!root.open) return;
    const current = table();
    const cut = current.rows.length > ROW_LIMIT;
    const size = cut
      ? l10n.t(
          'Only the first {0} of {1} rows are shown. Copy as CSV to get all of them.',
          formatCount(ROW_LIMIT),
          formatCount(current.rows.length),
        )
      : l10n.t('{0} rows.', formatCount(current.rows.length));
    content.replaceChildren(
      element('p', { class: 'note' }, `${size} `, copyButton(table)),
      tableElement(current, l10n.t('{0}, table', title)),
    );
  };
  root.addEventListener('toggle', update);
  return { root, update };
};

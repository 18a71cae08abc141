import * as l10n from '@vscode/l10n';
import { element, fill } from '../../figures/element.ts';
import type { LayerColumn } from '../series/columns.ts';

/** A button that opens a list of all columns, each with a box that shows or hides it. */
export interface ColumnChooser {
  readonly root: HTMLElement;
  /** The columns of the table, and those that are shown. */
  offer(columns: readonly LayerColumn[], shown: readonly LayerColumn[]): void;
}

/** Where an arrow key leads among `count` boxes; null for other keys. */
const step = (key: string, from: number, count: number): number | null => {
  if (key === 'ArrowDown') return Math.min(count - 1, from + 1);
  if (key === 'ArrowUp') return Math.max(0, from - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
};

/** The boxes of the columns by section, in the order of the table. */
const sectionsOf = (
  columns: readonly LayerColumn[],
  boxes: ReadonlyMap<string, HTMLElement>,
): HTMLElement[] => {
  const optional = columns.filter(({ section }) => section !== null);
  return [...new Set(optional.map(({ section }) => section as string))].map((section) =>
    element(
      'fieldset',
      {},
      element('legend', {}, section),
      optional
        .filter((column) => column.section === section)
        .map(({ id, name, meaning }) =>
          element('label', { class: 'control', title: meaning }, boxes.get(id) as HTMLElement, name),
        ),
    ),
  );
};

/** Opens and closes a list under a button: Escape, and a focus or a click elsewhere, close it. */
const openUnder = (
  root: HTMLElement,
  button: HTMLButtonElement,
  list: HTMLElement,
  first: () => HTMLElement | undefined,
): void => {
  const show = (open: boolean): void => {
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) first()?.focus();
  };
  show(false);
  button.addEventListener('click', () => show(list.hidden !== false));
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || list.hidden) return;
    event.preventDefault();
    show(false);
    button.focus();
  });
  const isOutside = (target: EventTarget | null): boolean =>
    !(target instanceof Node && root.contains(target));
  root.addEventListener('focusout', ({ relatedTarget }) => {
    // Without a target, the window has lost the focus, or a text in the list was clicked.
    if (relatedTarget !== null && isOutside(relatedTarget)) show(false);
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!list.hidden && isOutside(target)) show(false);
  });
};

/** `onChoose` gets the ids of the columns to show beside the name, or null for the usual ones. */
export const createColumnChooser = (onChoose: (columns: readonly string[] | null) => void): ColumnChooser => {
  let boxes = new Map<string, HTMLInputElement>();
  let offered = '';
  const button = element('button', { type: 'button', 'aria-controls': 'column-list' }, l10n.t('Columns'));
  const reset = element('button', { type: 'button' }, l10n.t('Reset'));
  reset.setAttribute('aria-label', l10n.t('Reset the columns'));
  reset.addEventListener('click', () => onChoose(null));
  const sections = element('div', { class: 'sections' });
  const list = element(
    'div',
    { id: 'column-list', class: 'column-list', role: 'group', 'aria-label': l10n.t('Columns of the table') },
    sections,
    reset,
  );
  const root = element('span', { class: 'column-chooser' }, button, list);
  openUnder(root, button, list, () => [...boxes.values()][0]);
  sections.addEventListener('change', () =>
    onChoose([...boxes].filter(([, box]) => box.checked).map(([id]) => id)),
  );
  sections.addEventListener('keydown', (event) => {
    const all = [...boxes.values()];
    const next = step(event.key, all.indexOf(event.target as HTMLInputElement), all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  });
  return {
    root,
    offer: (columns, shown) => {
      const ids = columns.filter(({ section }) => section !== null).map(({ id }) => id);
      // Boxes stay while the list is open: one of them may have the focus.
      if (offered !== JSON.stringify(ids)) {
        offered = JSON.stringify(ids);
        boxes = new Map(ids.map((id) => [id, element('input', { type: 'checkbox', 'data-column': id })]));
        fill(sections, sectionsOf(columns, boxes));
      }
      const visible = new Set(shown.map(({ id }) => id));
      for (const [id, box] of boxes) box.checked = visible.has(id);
    },
  };
};

import * as l10n from '@vscode/l10n';
import type { LayerKind } from '../../../src/protocol/messages.ts';
import { addChoice } from '../../figures/controls.ts';
import { element } from '../../figures/element.ts';
import { settled } from '../../panel/pace.ts';
import { formatCount } from '../../series/format.ts';
import { type LayerFilter, NO_FILTER, noMatchWords } from '../series/filter.ts';
import { KIND_LABELS } from '../series/words.ts';

/** What the layers are filtered by: a search box, a choice of kinds, and a switch for warnings. */
export interface FilterControls {
  readonly parts: readonly HTMLElement[];
  /** Takes the place of a table without rows; hidden while there are some. */
  readonly noMatch: HTMLElement;
  /** Offers the kinds that are present. */
  offer(kinds: readonly LayerKind[]): void;
  /** Shows a filter that was changed elsewhere. */
  show(filter: LayerFilter): void;
  /** How many layers match the filter. */
  count(matching: number, all: number): void;
}

/** Pause in typing before the table updates, ms. */
const TYPING = 120;
/** Instead of a kind. */
const ALL = 'all';

const searchBox = (
  onSearch: (text: string) => void,
): { readonly root: HTMLElement; readonly input: HTMLInputElement } => {
  const input = element('input', {
    type: 'search',
    id: 'layer-filter',
    placeholder: l10n.t('Part of a layer name'),
    spellcheck: 'false',
  });
  input.addEventListener(
    'input',
    settled(() => onSearch(input.value), TYPING),
  );
  const label = element('label', { for: 'layer-filter' }, l10n.t('Search'));
  return { root: element('span', { class: 'control' }, label, input), input };
};

const noMatchMessage = (onClear: () => void): { readonly root: HTMLElement; readonly words: HTMLElement } => {
  const words = element('span');
  const clear = element('button', { type: 'button' }, l10n.t('Clear Filters'));
  clear.addEventListener('click', onClear);
  return { root: element('p', { class: 'no-match', role: 'status' }, words, ' ', clear), words };
};

export const createFilterControls = (
  initial: LayerFilter,
  onFilter: (filter: LayerFilter) => void,
): FilterControls => {
  let filter = initial;
  let kinds: readonly LayerKind[] = [];
  const change = (changes: Partial<LayerFilter>): void => {
    filter = { ...filter, ...changes };
    onFilter(filter);
  };
  const search = searchBox((text) => change({ text }));
  const kindPlace = element('span', { class: 'control' });
  const kindChoice = addChoice<LayerKind | typeof ALL>(kindPlace, l10n.t('Kind'), [], (kind) =>
    change({ kind: kind === ALL ? null : kind }),
  );
  const warned = element('input', { type: 'checkbox' });
  warned.addEventListener('change', () => change({ warned: warned.checked }));
  const warnedLabel = element('label', { class: 'control' }, warned, l10n.t('with warnings'));
  const count = element('span', { class: 'count', role: 'status' });
  const noMatch = noMatchMessage(() => {
    change(NO_FILTER);
    show();
    // The button is gone; what it cleared begins here.
    search.input.focus();
  });

  const show = (): void => {
    if (search.input.value !== filter.text) search.input.value = filter.text;
    warned.checked = filter.warned;
    const all = { value: ALL, label: l10n.t('all') } as const;
    const present = kinds.map((value) => ({ value, label: KIND_LABELS[value] }));
    kindPlace.hidden = kinds.length < 2;
    kindChoice.offer(kinds.length < 2 ? [] : [all, ...present], filter.kind ?? ALL);
  };
  show();

  return {
    parts: [search.root, kindPlace, warnedLabel, count],
    noMatch: noMatch.root,
    offer: (present) => {
      kinds = present;
      show();
    },
    show: (next) => {
      filter = next;
      show();
    },
    count: (matching, all) => {
      const words =
        matching === all
          ? l10n.t('{0} layers', formatCount(all))
          : l10n.t('{0} of {1} layers', formatCount(matching), formatCount(all));
      if (count.textContent !== words) count.textContent = words;
      noMatch.root.hidden = matching > 0 || all === 0;
      const reason = noMatch.root.hidden ? '' : noMatchWords(filter);
      if (noMatch.words.textContent !== reason) noMatch.words.textContent = reason;
    },
  };
};

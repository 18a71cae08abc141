import * as l10n from '@vscode/l10n';
import type { CheckpointExport, ConvolutionView } from '../../../src/protocol/index.ts';
import { addChoice } from '../../figures/controls.ts';
import { element } from '../../figures/element.ts';
import { settled } from '../../panel/pace.ts';
import { formatCount } from '../../series/format.ts';

export interface ToolbarOptions {
  readonly filter: string;
  readonly grouped: boolean;
  onFilter(filter: string): void;
  onGrouped(grouped: boolean): void;
  onConvolution(view: ConvolutionView): void;
  onCompare(): void;
  onOpenBeside(): void;
  onExport(format: CheckpointExport): void;
}

export interface Toolbar {
  readonly root: HTMLElement;
  /** Offers the controls that apply to the layers: folding of repeated blocks, and views of convolutions. */
  offer(repeated: boolean, convolutions: boolean, view: ConvolutionView): void;
  count(matching: number, all: number): void;
  /** Shows a filter that was changed elsewhere in the search box. */
  showFilter(filter: string): void;
}

/** Pause in typing before the table updates, ms. */
const TYPING = 120;
const VIEWS: readonly { value: ConvolutionView; label: string }[] = [
  { value: 'reshape', label: l10n.t('one matrix') },
  { value: 'slices', label: l10n.t('a matrix for each position') },
];
const EXPORTS: readonly { format: CheckpointExport; label: string }[] = [
  { format: 'csv', label: l10n.t('CSV') },
  { format: 'json', label: l10n.t('JSON') },
  { format: 'netron', label: l10n.t('Netron attachment') },
];

const button = (label: string, act: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button' }, label);
  made.addEventListener('click', act);
  return made;
};

const searchBox = (
  initial: string,
  onFilter: (filter: string) => void,
): { readonly root: HTMLElement; readonly input: HTMLInputElement } => {
  const input = element('input', {
    type: 'search',
    id: 'layer-filter',
    placeholder: l10n.t('Part of a layer name'),
    spellcheck: 'false',
  });
  input.value = initial;
  const typed = settled(() => onFilter(input.value), TYPING);
  input.addEventListener('input', typed);
  const label = element('label', { for: 'layer-filter' }, l10n.t('Search'));
  return { root: element('span', { class: 'control' }, label, input), input };
};

export const createToolbar = (options: ToolbarOptions): Toolbar => {
  const search = searchBox(options.filter, options.onFilter);
  const count = element('span', { class: 'count', role: 'status' });
  const box = element('input', { type: 'checkbox' });
  box.checked = options.grouped;
  box.addEventListener('change', () => options.onGrouped(box.checked));
  const grouping = element('label', { class: 'control' }, box, l10n.t('group repeated blocks'));
  const views = element('span', { class: 'control' });
  const choice = addChoice<ConvolutionView>(views, l10n.t('Convolutions as'), VIEWS, options.onConvolution);
  const exports = element(
    'span',
    { class: 'control', role: 'group', 'aria-label': l10n.t('Export') },
    element('span', { 'aria-hidden': 'true' }, l10n.t('Export:')),
    EXPORTS.map(({ format, label }) => {
      const made = button(label, () => options.onExport(format));
      made.setAttribute('aria-label', l10n.t('Export as {0}', label));
      return made;
    }),
  );
  const root = element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': l10n.t('Layers: view and actions') },
    search.root,
    count,
    grouping,
    views,
    element(
      'span',
      { class: 'actions' },
      button(l10n.t('Compare…'), options.onCompare),
      button(l10n.t('Open Beside'), options.onOpenBeside),
      exports,
    ),
  );
  return {
    root,
    offer: (repeated, convolutions, view) => {
      grouping.hidden = !repeated;
      choice.offer(convolutions ? VIEWS : [], view);
      views.hidden = !convolutions;
    },
    count: (matching, all) => {
      const words =
        matching === all
          ? l10n.t('{0} layers', formatCount(all))
          : l10n.t('{0} of {1} layers', formatCount(matching), formatCount(all));
      if (count.textContent !== words) count.textContent = words;
    },
    showFilter: (filter) => {
      search.input.value = filter;
    },
  };
};

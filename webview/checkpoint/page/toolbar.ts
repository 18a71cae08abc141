import * as l10n from '@vscode/l10n';
import type { CheckpointExport, ConvolutionView } from '../../../src/protocol/messages.ts';
import { addChoice } from '../../figures/controls.ts';
import { element } from '../../figures/element.ts';

export interface ToolbarOptions {
  readonly grouped: boolean;
  /** What selects the layers, before the controls of the view. */
  readonly filters: readonly HTMLElement[];
  /** The list of columns, after them. */
  readonly columns: HTMLElement;
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
}

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

const exportButtons = (onExport: (format: CheckpointExport) => void): HTMLElement =>
  element(
    'span',
    { class: 'control', role: 'group', 'aria-label': l10n.t('Export') },
    element('span', { 'aria-hidden': 'true' }, l10n.t('Export:')),
    EXPORTS.map(({ format, label }) => {
      const made = button(label, () => onExport(format));
      made.setAttribute('aria-label', l10n.t('Export as {0}', label));
      return made;
    }),
  );

export const createToolbar = (options: ToolbarOptions): Toolbar => {
  const box = element('input', { type: 'checkbox' });
  box.checked = options.grouped;
  box.addEventListener('change', () => options.onGrouped(box.checked));
  const grouping = element('label', { class: 'control' }, box, l10n.t('group repeated blocks'));
  const views = element('span', { class: 'control' });
  const choice = addChoice<ConvolutionView>(views, l10n.t('Convolutions as'), VIEWS, options.onConvolution);
  const root = element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': l10n.t('Layers: view and actions') },
    options.filters,
    grouping,
    views,
    element(
      'span',
      { class: 'actions' },
      options.columns,
      button(l10n.t('Compare…'), options.onCompare),
      button(l10n.t('Open Beside'), options.onOpenBeside),
      exportButtons(options.onExport),
    ),
  );
  return {
    root,
    offer: (repeated, convolutions, view) => {
      grouping.hidden = !repeated;
      choice.offer(convolutions ? VIEWS : [], view);
      views.hidden = !convolutions;
    },
  };
};

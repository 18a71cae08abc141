import * as l10n from '@vscode/l10n';
import type { Table } from '../series/table.ts';
import { element } from './element.ts';
import type { FigureOptions } from './frame.ts';
import { createPageStage } from './stage.ts';
import { tableToggle } from './table.ts';
import { createTooltip } from './tooltip.ts';

/** The elements of a figure on its page: title, caption, controls, plot, legend, readout and data table. */
export const createFigurePage = (
  { title, level, caption }: FigureOptions,
  table: () => Table,
  save: HTMLElement | null,
) => {
  const controls = element('div', {
    class: 'controls',
    role: 'group',
    'aria-label': l10n.t('{0}: view', title),
  });
  const stage = createPageStage();
  const { plot, legend } = stage;
  const readout = element('p', { class: 'readout', 'aria-live': 'off' });
  const behind = tableToggle(title, table);
  const heading = element(
    'figcaption',
    {},
    element(level === 4 ? 'h4' : 'h3', {}, title),
    element('p', {}, caption),
  );
  const parts = [heading, controls, plot, legend, readout, save ?? [], behind.root];
  const root = element('figure', { class: 'figure' }, parts);
  // All figures of a page follow the highlighted layer: only the one that the user is in says so.
  const live = (politeness: 'polite' | 'off') => () => readout.setAttribute('aria-live', politeness);
  root.addEventListener('focusin', live('polite'));
  root.addEventListener('focusout', live('off'));
  const tooltip = createTooltip(plot);
  plot.addEventListener('blur', () => tooltip.hide());

  /** Without a picture there is nothing to save, to show as a table or to control with keys. */
  const show = (drawn: boolean, name: string): void => {
    behind.root.hidden = !drawn;
    if (save) save.hidden = !drawn;
    plot.setAttribute('aria-label', name);
    plot.setAttribute('role', drawn ? 'application' : 'group');
    if (drawn) {
      plot.setAttribute('tabindex', '0');
      plot.setAttribute('aria-roledescription', l10n.t('interactive figure'));
    } else {
      plot.removeAttribute('tabindex');
      plot.removeAttribute('aria-roledescription');
    }
  };
  return { root, controls, stage, readout, tooltip, updateTable: behind.update, show };
};

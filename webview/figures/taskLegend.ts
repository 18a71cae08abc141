import * as l10n from '@vscode/l10n';
import type { AccuracySeries } from '../series/accuracy.ts';
import { element, fill } from './element.ts';
import { seriesSwatch } from './intervalLine.ts';

/**
 * A box per task that shows or hides it, and the meaning of dashes and bands, with `dense` if intervals are
 * also bands; unchanged while a box has the focus.
 */
export const drawTaskLegend = (
  legend: HTMLElement,
  series: readonly AccuracySeries[],
  hidden: Set<string>,
  dense: boolean,
  render: () => void,
): void => {
  const entries = series.map(({ task, score }, index) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = !hidden.has(task);
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(task);
      else hidden.add(task);
      render();
    });
    const name = score === 'R²' ? l10n.t('{0}, R²', task) : task;
    return element('label', { class: 'entry' }, box, seriesSwatch(index), name);
  });
  const { activeElement } = legend.getRootNode() as Document | ShadowRoot;
  const focused = [...legend.querySelectorAll('input')].indexOf(activeElement as HTMLInputElement);
  const worst = series.some(({ points }) => points.some(({ evaluation }) => evaluation?.worstGroup));
  const intervals = dense
    ? l10n.t(
        'Bands along the lines: 95 % intervals. Horizontal bands: the same probe trained on shuffled labels.',
      )
    : l10n.t('Bars: 95 % intervals. Band: the same probe trained on shuffled labels.');
  const reading = worst ? `${intervals} ${l10n.t('Dashed, open marks: worst group.')}` : intervals;
  fill(legend, [...entries, element('span', { class: 'note' }, reading)]);
  if (focused >= 0) legend.querySelectorAll('input')[focused]?.focus();
};

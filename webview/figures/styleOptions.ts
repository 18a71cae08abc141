import * as l10n from '@vscode/l10n';
import type { FigureWidth } from '../../src/protocol/messages.ts';
import { COLUMN_MM, TEXT_SIZES } from '../series/fileLayout.ts';
import { addChoice, addToggle } from './controls.ts';
import { element } from './element.ts';
import { fileStyle } from './fileStyle.ts';

const WIDTHS: readonly { readonly value: FigureWidth; readonly label: string }[] = [
  { value: 'shown', label: l10n.t('as shown') },
  { value: 'oneColumn', label: l10n.t('one column ({0} mm)', COLUMN_MM.oneColumn) },
  { value: 'twoColumns', label: l10n.t('two columns ({0} mm)', COLUMN_MM.twoColumns) },
];

/** Controls that show the style of files and change it. */
const addControls = (controls: HTMLElement): void => {
  const { width, textSize, highlight } = fileStyle.current();
  const widths = addChoice<FigureWidth>(controls, l10n.t('Width'), [], (value) =>
    fileStyle.change({ width: value }),
  );
  widths.offer(WIDTHS, width);
  const sizes = addChoice<string>(controls, l10n.t('Text size'), [], (value) =>
    fileStyle.change({ textSize: value === '' ? null : Number(value) }),
  );
  const points = TEXT_SIZES.map((size) => ({ value: String(size), label: l10n.t('{0} pt', size) }));
  sizes.offer([{ value: '', label: l10n.t('as shown') }, ...points], String(textSize ?? ''));
  addToggle(controls, l10n.t('highlighted layer'), highlight, (on) => fileStyle.change({ highlight: on }));
};

let serial = 0;

/** A button that shows the options of files, and these below it. */
export const styleOptions = (title: string): HTMLElement[] => {
  const id = `style-options-${++serial}`;
  const label = l10n.t("Options for files of '{0}'", title);
  const controls = element('div', { class: 'controls', id, role: 'group', 'aria-label': label, hidden: '' });
  const disclosure = { 'aria-label': label, 'aria-expanded': 'false', 'aria-controls': id };
  const button = element('button', { type: 'button', ...disclosure }, l10n.t('Options…'));
  button.addEventListener('click', () => {
    controls.hidden = !controls.hidden;
    button.setAttribute('aria-expanded', String(!controls.hidden));
    controls.replaceChildren();
    // The style is that of the whole page: another figure may have changed it.
    if (!controls.hidden) addControls(controls);
  });
  return [button, controls];
};

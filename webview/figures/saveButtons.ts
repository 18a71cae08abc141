import * as l10n from '@vscode/l10n';
import { FIGURE_FORMATS, type FigureFormat, type FigureStyle } from '../../src/protocol/messages.ts';
import { element } from './element.ts';
import { fileStyle } from './fileStyle.ts';
import { styleOptions } from './styleOptions.ts';

/** A figure as a file: text, or a picture. */
interface FigureFile {
  readonly title: string;
  readonly content: string | Blob;
}

/** Writes a figure to a file; provided by pages that can. */
export type SaveFigure = (format: FigureFormat, figure: FigureFile) => void;

/** One button per format, and the options of all; `failed` gets a sentence if the picture cannot be created. */
export const saveButtons = (
  title: string,
  content: (format: FigureFormat, style: FigureStyle) => Promise<string | Blob>,
  onSave: SaveFigure,
  failed: (line: string) => void,
): HTMLElement => {
  const buttons = FIGURE_FORMATS.map((format) => {
    const name = format.toUpperCase();
    const button = element(
      'button',
      { type: 'button', 'aria-label': l10n.t("Save '{0}' as {1}", title, name) },
      name,
    );
    button.addEventListener('click', () => {
      content(format, fileStyle.current()).then(
        (made) => onSave(format, { title, content: made }),
        (error: unknown) =>
          failed(l10n.t("'{0}' could not be drawn as {1}: {2}", title, name, (error as Error).message)),
      );
    });
    return button;
  });
  const words = element('span', { 'aria-hidden': 'true' }, l10n.t('Save as:'));
  const group = { class: 'save', role: 'group', 'aria-label': l10n.t("Save '{0}'", title) };
  return element('div', group, words, buttons, styleOptions(title));
};

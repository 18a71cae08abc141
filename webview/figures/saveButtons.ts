import * as l10n from '@vscode/l10n';
import type { FigureFormat } from '../../src/protocol/index.ts';
import { element } from './element.ts';

/** A figure as a file: text, or a picture. */
interface FigureFile {
  readonly title: string;
  readonly content: string | Blob;
}

/** Writes a figure to a file; provided by pages that can. */
export type SaveFigure = (format: FigureFormat, figure: FigureFile) => void;

const FORMATS: readonly FigureFormat[] = ['svg', 'png', 'csv'];

/** One button per format; `failed` gets a sentence if the picture cannot be created. */
export const saveButtons = (
  title: string,
  content: (format: FigureFormat) => Promise<string | Blob>,
  onSave: SaveFigure,
  failed: (line: string) => void,
): HTMLElement => {
  const buttons = FORMATS.map((format) => {
    const name = format.toUpperCase();
    const button = element(
      'button',
      { type: 'button', 'aria-label': l10n.t("Save '{0}' as {1}", title, name) },
      name,
    );
    button.addEventListener('click', () => {
      content(format).then(
        (made) => onSave(format, { title, content: made }),
        (error: unknown) =>
          failed(l10n.t("'{0}' could not be drawn as {1}: {2}", title, name, (error as Error).message)),
      );
    });
    return button;
  });
  const group = { class: 'save', role: 'group', 'aria-label': l10n.t("Save '{0}'", title) };
  return element('div', group, element('span', { 'aria-hidden': 'true' }, l10n.t('Save as:')), buttons);
};

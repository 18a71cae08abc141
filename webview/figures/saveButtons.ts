import type { FigureFormat } from '../../src/protocol/index.ts';
import { element } from './element.ts';

/** A figure as it is written: text, or a picture. */
export interface FigureFile {
  readonly title: string;
  readonly content: string | Blob;
}

/** Writes a figure to a file; a page that can is the one to give it. */
export type SaveFigure = (format: FigureFormat, figure: FigureFile) => void;

const FORMATS: readonly FigureFormat[] = ['svg', 'png', 'csv'];

/** One button per format; `failed` gets a sentence when the picture cannot be made. */
export const saveButtons = (
  title: string,
  content: (format: FigureFormat) => Promise<string | Blob>,
  onSave: SaveFigure,
  failed: (line: string) => void,
): HTMLElement => {
  const buttons = FORMATS.map((format) => {
    const name = format.toUpperCase();
    const button = element('button', { type: 'button', 'aria-label': `Save '${title}' as ${name}` }, name);
    button.addEventListener('click', () => {
      content(format).then(
        (made) => onSave(format, { title, content: made }),
        (error: unknown) => failed(`'${title}' could not be drawn as ${name}: ${(error as Error).message}`),
      );
    });
    return button;
  });
  const group = { class: 'save', role: 'group', 'aria-label': `Save '${title}'` };
  return element('div', group, element('span', { 'aria-hidden': 'true' }, 'Save as:'), ...buttons);
};

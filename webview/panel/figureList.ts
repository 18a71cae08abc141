import * as l10n from '@vscode/l10n';
import type { FigureRequest, SavedFigure } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { fileStyle } from '../figures/fileStyle.ts';
import type { Figure, LayerSelection, SaveFigure } from '../figures/index.ts';
import { readStyle } from '../series/fileLayout.ts';
import type { Part } from './parts.ts';
import { savedFigure } from './savedFigure.ts';

/** The figures of a page, in order. */
export interface FigureList {
  /** Updates the existing figures, or redraws all if the parts have changed. */
  show(parts: readonly Part[]): void;
  clear(): void;
  titles(): readonly string[];
  /** A figure, by its index here, as a file; rejects with an `Error` if there is none or it cannot be created. */
  export(request: FigureRequest): Promise<SavedFigure>;
}

export type JoinedFigures = Pick<FigureList, 'titles' | 'export'>;

/** Two lists of figures as one, in this order. */
export const joined = (first: FigureList, second: FigureList): JoinedFigures => ({
  titles: () => [...first.titles(), ...second.titles()],
  export: (request) => {
    const figure = request.figure - first.titles().length;
    return figure < 0 ? first.export(request) : second.export({ ...request, figure });
  },
});

export interface FigureListOptions {
  readonly selection: LayerSelection;
  /** Without it, the figures cannot be saved. */
  readonly save?: (figure: SavedFigure) => void;
  /** What the figures show now, for files: the run or checkpoint, and its samples. */
  readonly provenance?: () => string;
}

export const createFigureList = (container: HTMLElement, options: FigureListOptions): FigureList => {
  let drawn: { readonly part: Part; readonly figure: Figure<unknown> }[] = [];

  const clear = (): void => {
    for (const { figure } of drawn) figure.destroy();
    drawn = [];
    container.replaceChildren();
  };
  const { save } = options;
  const onSave: SaveFigure | undefined =
    save &&
    ((format, { title, content }) => {
      const style = fileStyle.current();
      void savedFigure(title, format, content).then((saved) => save({ ...saved, style }));
    });
  const draw = (part: Part): void => {
    const place = element('div', { class: part.words.half ? 'half part' : 'part' });
    container.append(place);
    const figure = part.draw(place, {
      ...part.words,
      selection: options.selection,
      provenance: options.provenance,
      onSave,
    });
    drawn.push({ part, figure });
  };
  const same = (parts: readonly Part[]): boolean =>
    parts.length === drawn.length && parts.every(({ title }, index) => title === drawn[index].part.title);

  return {
    show: (parts) => {
      if (same(parts)) {
        for (const [index, { figure }] of drawn.entries()) figure.update(parts[index].data);
        return;
      }
      clear();
      for (const part of parts) draw(part);
    },
    clear,
    titles: () => drawn.map(({ part }) => part.title),
    export: async ({ figure: place, format, style }) => {
      const found = drawn[place];
      if (!found) throw new Error(l10n.t('There is no figure {0} on this page', place));
      const { title } = found.part;
      const content = await found.figure.toFile(format, readStyle(style, fileStyle.current()));
      return savedFigure(title, format, content);
    },
  };
};

import type { FigureStyle } from '../../src/protocol/messages.ts';
import { fileLayout } from '../series/fileLayout.ts';
import { describeControls } from './controls.ts';
import { fill } from './element.ts';
import type { createFigurePage } from './figurePage.ts';
import type { FigureOptions } from './frame.ts';
import { holdPlace } from './holdPlace.ts';
import type { PrintStage, Stage } from './stage.ts';
import { type FigureWords, type PrintedSvg, printFigure } from './svgExport.ts';

/** Where a figure draws: on its page, except while a file is made. */
export interface FigureStages {
  current(): Stage;
  /** Whether a file is being made: nothing is announced then. */
  isPrinting(): boolean;
  /** How the figure draws itself on the current stage. */
  drawWith(draw: () => void): void;
  /** The figure as on paper. Throws an `Error` if nothing is drawn. */
  print(style: FigureStyle): PrintedSvg;
}

/** Marks of the keyboard cursor and the pointer, which follow no layer. */
const CURSORS = '.cursor, .focus, .focus-ground, .name-mark, .column.selected';

export const createFigureStages = (
  page: ReturnType<typeof createFigurePage>,
  { title, caption, selection, provenance }: FigureOptions,
): FigureStages => {
  let stage: Stage = page.stage;
  let draw = (): void => {};
  let printing = false;

  const drawOn = (print: PrintStage, highlight: boolean): void => {
    stage = print;
    if (highlight) {
      draw();
      return;
    }
    selection.without(draw);
    for (const mark of print.plot.querySelectorAll(CURSORS)) mark.remove();
  };
  const wordsFor = ({ highlight }: FigureStyle): FigureWords => ({
    title,
    caption,
    settings: describeControls(page.controls),
    provenance: provenance?.() ?? '',
    readout: highlight ? (page.readout.textContent ?? '') : '',
  });
  return {
    current: () => stage,
    isPrinting: () => printing,
    drawWith: (drawing) => {
      draw = drawing;
    },
    print: (style) => {
      const release = holdPlace(page.root);
      const legend = [...page.stage.legend.childNodes];
      printing = true;
      try {
        return printFigure(wordsFor(style), fileLayout(style, page.stage.width()), (print) => {
          drawOn(print, style.highlight);
          // A legend that is not part of each drawing is lent.
          if (!print.legend.hasChildNodes()) fill(print.legend, legend);
        });
      } finally {
        stage = page.stage;
        if (!stage.legend.hasChildNodes()) fill(stage.legend, legend);
        // A figure moves the marks of its last drawing, which must be that of its page.
        draw();
        printing = false;
        release();
      }
    },
  };
};

import type { Selection } from 'd3';
import type { FigureFormat, FigureStyle } from '../../src/protocol/messages.ts';
import { type Table, toCsv } from '../series/table.ts';
import type { Paint } from './canvasLayer.ts';
import type { Box } from './cellGrid.ts';
import { element } from './element.ts';
import { figureFile } from './figureFile.ts';
import { figureInput } from './figureInput.ts';
import { createFigurePage } from './figurePage.ts';
import { createFigureStages } from './figureStages.ts';
import type { LayerSelection } from './layerSelection.ts';
import { type SaveFigure, saveButtons } from './saveButtons.ts';
import type { Drawing, PageStage } from './stage.ts';
import { watchTheme } from './theme.ts';
import type { Tooltip } from './tooltip.ts';

/** The return type of every `drawX`. */
export interface Figure<Data> {
  update(data: Data): void;
  destroy(): void;
  /**
   * The content of a file: the picture as on paper, whatever the theme of the page, or the table behind it (RFC 4180,
   * numbers in full). Rejects with an `Error` if nothing is drawn.
   */
  toFile(format: FigureFormat, style: FigureStyle): Promise<string | Blob>;
}

export interface FigureOptions {
  readonly selection: LayerSelection;
  readonly title: string;
  /** One sentence that says what to look for. */
  readonly caption: string;
  /** Level of the title in the page's outline; 3 by default. */
  readonly level?: 3 | 4;
  /** The run or checkpoint that is drawn now, and its samples, for files. */
  readonly provenance?: () => string;
  /** Gets the file when the user saves the figure; without it the figure cannot be saved. */
  readonly onSave?: SaveFigure;
}

export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type { Drawing };

export interface Frame {
  readonly controls: HTMLElement;
  /** Of the picture that is being drawn: read it again in each drawing. */
  readonly legend: HTMLElement;
  readonly tooltip: Tooltip;
  /** Width of the picture that is being drawn, in px. */
  width(): number;
  /** Replaces the drawing with an empty one; `summary` is its description for screen readers. */
  draw(height: number, summary: string): Drawing;
  /** A canvas under the drawing of `draw`, painted now, and repainted when the theme changes. */
  paint(place: Box, paint: Paint): void;
  /** A sentence instead of a drawing, and no table; with `keepControls`, because another view may have data. */
  drawNothing(reason: string, keepControls?: 'keepControls'): void;
  /** Announces and shows one line, such as the values at the selected layer. */
  announce(line: string): void;
  /** Handlers of keys while the picture has the focus, and of what follows every key; Escape also hides the tooltip. */
  onKeys(keys: Readonly<Record<string, () => void>>, after?: () => void): void;
  /** Shows the tooltip while the pointer is over a mark. */
  explain(mark: Element, lines: () => readonly string[]): void;
  /** The same for the whole picture: what is at a point, in px, and what a click there does. */
  explainAt(
    lines: (x: number, y: number) => readonly string[] | null,
    pick: (x: number, y: number) => void,
  ): void;
  /**
   * Draws now, and again whenever the width or the selected layer changes. With `mark`, a change of the layer calls
   * it instead, to move marks without redrawing the picture.
   */
  open<Data>(render: () => void, replace: (data: Data) => void, mark?: () => void): Figure<Data>;
}

/** Title, caption, controls, picture, readout and data table: the same for every figure. */
export const openFrame = (container: HTMLElement, options: FigureOptions, table: () => Table): Frame => {
  const { title, selection, onSave } = options;
  const toFile = async (format: FigureFormat, style: FigureStyle): Promise<string | Blob> =>
    format === 'csv' ? toCsv(table()) : figureFile(stages.print(style), format);
  const save = onSave ? saveButtons(title, toFile, onSave, (line) => announce(line)) : null;
  const page = createFigurePage(options, table, save);
  const { root, controls, readout, tooltip } = page;
  container.append(root);
  const stages = createFigureStages(page, options);

  const announce = (line: string): void => {
    if (!stages.isPrinting()) readout.textContent = line;
  };
  const isOnPage = (): boolean => stages.current() === page.stage;
  const clear = (): void => {
    stages.current().clear();
    stages.current().plot.querySelector('.empty')?.remove();
    if (isOnPage()) tooltip.hide();
  };
  const show = (drawn: boolean, name: string): void => {
    if (isOnPage()) page.show(drawn, name);
  };
  return {
    controls,
    get legend() {
      return stages.current().legend;
    },
    tooltip,
    width: () => stages.current().width(),
    draw: (height, summary) => {
      clear();
      controls.hidden = false;
      show(true, summary);
      return stages.current().draw(height);
    },
    paint: (place, paint) => stages.current().paint({ place, paint }),
    drawNothing: (reason, keepControls) => {
      clear();
      controls.hidden = keepControls === undefined;
      show(false, reason);
      stages.current().plot.append(element('p', { class: 'empty' }, reason));
      stages.current().legend.replaceChildren();
      announce('');
    },
    announce,
    ...figureInput(page.stage.plot, tooltip, () => page.stage.drawing() !== null),
    open: (render, replace, mark) => {
      stages.drawWith(render);
      const stop = followPage(page.stage, selection.subscribe(mark ?? render), render);
      const redraw = (): void => {
        render();
        page.updateTable();
      };
      redraw();
      return {
        update: (data) => {
          replace(data);
          redraw();
        },
        destroy: () => {
          stop();
          root.remove();
        },
        toFile,
      };
    },
  };
};

/** Draws again when the width changes, and paints again with the theme; returns the function that ends this and the subscription. */
const followPage = (
  { plot, repaint }: PageStage,
  unsubscribe: () => void,
  render: () => void,
): (() => void) => {
  let drawnWidth = plot.clientWidth;
  const resize = new ResizeObserver(() => {
    if (plot.clientWidth === drawnWidth) return;
    drawnWidth = plot.clientWidth;
    render();
  });
  resize.observe(plot);
  const unwatch = watchTheme(repaint);
  return () => {
    resize.disconnect();
    unsubscribe();
    unwatch();
  };
};

/** Arrow keys that move the selected layer along `layers`; Escape selects none. */
export const layerKeys = (
  selection: LayerSelection,
  layers: () => readonly string[],
  direction: 'horizontal' | 'vertical',
): Record<string, () => void> => {
  const [back, on] = direction === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const many = Number.MAX_SAFE_INTEGER;
  return {
    [back]: () => selection.move(layers(), -1),
    [on]: () => selection.move(layers(), 1),
    Home: () => selection.move(layers(), -many),
    End: () => selection.move(layers(), many),
    Escape: () => selection.select(null),
  };
};

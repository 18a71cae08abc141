import type { Table } from '../series/table.ts';
import { type CellMark, type CellPlot, type CellPlotOptions, drawCellPlot } from './cellPlot.ts';
import { fill } from './element.ts';
import { type Figure, type FigureOptions, type Frame, layerKeys, openFrame } from './frame.ts';

/** What a figure of layers by columns draws, and its texts. The rest is the same for all of them. */
export interface CellDrawing<Data> {
  /** The layers, from top to bottom. */
  rows(data: Data): readonly string[];
  /** The cells, for the width that the frame has; a sentence if there is nothing to draw. */
  cells(data: Data, frame: Frame): Omit<CellPlotOptions, 'onRow'> | string;
  /** Draws over the cells. */
  over?(plot: CellPlot, options: Omit<CellPlotOptions, 'onRow'>, data: Data): void;
  legend(data: Data): readonly (Node | string)[];
  table(data: Data): Table;
  describe(data: Data, row: number, column: number): string;
  /** A layer without a column, or the whole figure for a row of -1. */
  summarise(data: Data, row: number): string;
  /** Whether the columns are the layers, so that the selected one is also marked as a column. */
  readonly square?: boolean;
}

export interface CellFigure<Data> {
  readonly frame: Frame;
  open(): Figure<Data>;
}

/**
 * A figure whose rows are layers: the selected layer is a row, and the arrow keys move a cursor through the cells. Add
 * controls to the frame before it is opened.
 */
export const createCellFigure = <Data>(
  container: HTMLElement,
  initial: Data,
  options: FigureOptions,
  drawing: CellDrawing<Data>,
): CellFigure<Data> => {
  let data = initial;
  let plot: CellPlot | null = null;
  /** The column of the cursor, -1 for none; its row is the selected layer. */
  let column = -1;
  let columns = 0;
  const { selection } = options;
  const frame = openFrame(container, options, () => drawing.table(data));
  const rows = (): readonly string[] => drawing.rows(data);

  const marked = (): CellMark => {
    const row = rows().indexOf(selection.current() ?? '');
    return { row, column: row < 0 ? -1 : column, across: drawing.square ? row : -1 };
  };
  const mark = (): void => {
    if (!plot) return;
    const place = marked();
    plot.mark(place);
    const { row } = place;
    const words =
      place.column < 0 ? drawing.summarise(data, row) : `${drawing.describe(data, row, place.column)}.`;
    frame.announce(words);
  };
  const render = (): void => {
    plot = null;
    const drawn = drawing.cells(data, frame);
    if (typeof drawn === 'string') {
      frame.drawNothing(drawn, 'keepControls');
      return;
    }
    columns = drawn.columns.length;
    column = Math.min(column, columns - 1);
    plot = drawCellPlot(frame, { ...drawn, onRow: (row) => selection.select(rows()[row]) });
    drawing.over?.(plot, drawn, data);
    fill(frame.legend, drawing.legend(data));
    mark();
  };
  const select = (row: number, to: number): void => {
    column = to;
    selection.select(rows()[row]);
    mark();
  };
  const step = (by: number): void => {
    const { row, column: from } = marked();
    const start = from < 0 && drawing.square ? Math.max(0, row) : from;
    select(Math.max(0, row), Math.max(0, Math.min(columns - 1, start + by)));
  };
  const showMarked = (): void => {
    const place = marked();
    if (!plot || place.row < 0) return;
    const middle = plot.reveal(place);
    if (place.column >= 0) frame.tooltip.show([drawing.describe(data, place.row, place.column)], ...middle);
    else frame.tooltip.hide();
  };

  frame.explainAt(
    (x, y) => {
      const cell = plot?.at(x, y);
      return cell ? [drawing.describe(data, cell.row, cell.column)] : null;
    },
    (x, y) => {
      const cell = plot?.at(x, y);
      if (cell) select(cell.row, cell.column);
    },
  );
  frame.onKeys(
    {
      ...layerKeys(selection, rows, 'vertical'),
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Escape: () => {
        column = -1;
        selection.select(null);
      },
    },
    showMarked,
  );
  return {
    frame,
    open: () =>
      frame.open<Data>(
        render,
        (next) => {
          if (next !== data) column = -1;
          data = next;
        },
        mark,
      ),
  };
};

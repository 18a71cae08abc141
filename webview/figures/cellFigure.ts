import type { Table } from '../series/table.ts';
import { type CellMark, type CellPlot, type CellPlotOptions, drawCellPlot } from './cellPlot.ts';
import { fill } from './element.ts';
import { type Figure, type FigureOptions, type Frame, layerKeys, openFrame } from './frame.ts';
import type { LayerSelection } from './layerSelection.ts';

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
  /** Another line for the tooltip of a cell. */
  more?(data: Data, row: number, column: number): string | null;
  /** A layer without a column, or the whole figure for a row of -1. */
  summarise(data: Data, row: number): string;
  /** Whether the columns are the layers, so that the selected one is also marked as a column. */
  readonly square?: boolean;
  /** What a click on the name of a layer does besides selecting it, and Enter on it. */
  onRow?(layer: string): void;
}

export interface CellFigure<Data> {
  readonly frame: Frame;
  open(): Figure<Data>;
}

/** The cursor of the keyboard: its row is the selected layer; its column stays while the columns are the same. */
const createCellCursor = (selection: LayerSelection, rows: () => readonly string[], square: boolean) => {
  /** -1 for none. */
  let column = -1;
  let columns: readonly string[] = [];
  const marked = (): CellMark => {
    const row = rows().indexOf(selection.current() ?? '');
    return { row, column: row < 0 ? -1 : column, across: square ? row : -1 };
  };
  const select = (row: number, to: number): void => {
    column = to;
    selection.select(rows()[row]);
  };
  return {
    marked,
    select,
    /** The columns that are drawn now. */
    over: (names: readonly string[]): void => {
      if (names.length !== columns.length || names.some((name, index) => name !== columns[index]))
        column = -1;
      columns = names;
    },
    step: (by: number): void => {
      const { row, column: from } = marked();
      const start = from < 0 && square ? Math.max(0, row) : from;
      select(Math.max(0, row), Math.max(0, Math.min(columns.length - 1, start + by)));
    },
    clear: (): void => {
      column = -1;
      selection.select(null);
    },
  };
};

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
  const { selection } = options;
  const frame = openFrame(container, options, () => drawing.table(data));
  const rows = (): readonly string[] => drawing.rows(data);
  const cursor = createCellCursor(selection, rows, drawing.square ?? false);

  const mark = (): void => {
    if (!plot) return;
    const place = cursor.marked();
    plot.mark(place);
    const { row, column } = place;
    frame.announce(column < 0 ? drawing.summarise(data, row) : `${drawing.describe(data, row, column)}.`);
  };
  const render = (): void => {
    plot = null;
    const drawn = drawing.cells(data, frame);
    if (typeof drawn === 'string') {
      frame.drawNothing(drawn);
      return;
    }
    cursor.over(drawn.columns.map(({ name }) => name));
    const onRow = (row: number): void => {
      selection.select(rows()[row]);
      drawing.onRow?.(rows()[row]);
    };
    plot = drawCellPlot(frame, { ...drawn, onRow });
    drawing.over?.(plot, drawn, data);
    fill(frame.legend, drawing.legend(data));
    mark();
  };
  listenToCells(frame, cursor, { plot: () => plot, data: () => data, rows, mark, selection, drawing });
  return {
    frame,
    open: () =>
      frame.open<Data>(
        render,
        (next) => {
          data = next;
        },
        mark,
      ),
  };
};

interface OpenCells<Data> {
  readonly drawing: CellDrawing<Data>;
  readonly selection: LayerSelection;
  /** Null while nothing is drawn. */
  plot(): CellPlot | null;
  data(): Data;
  rows(): readonly string[];
  /** Marks the cursor, and says what is there. */
  mark(): void;
}

/** The pointer and the keys. */
const listenToCells = <Data>(
  frame: Frame,
  cursor: ReturnType<typeof createCellCursor>,
  { drawing, selection, plot, data, rows, mark }: OpenCells<Data>,
): void => {
  const linesAt = (row: number, column: number): string[] => {
    const more = drawing.more?.(data(), row, column) ?? null;
    const words = drawing.describe(data(), row, column);
    return more === null ? [words] : [words, more];
  };
  const showMarked = (): void => {
    const place = cursor.marked();
    const drawn = plot();
    if (!drawn || place.row < 0) return;
    const middle = drawn.reveal(place);
    if (place.column >= 0) frame.tooltip.show(linesAt(place.row, place.column), ...middle);
    else frame.tooltip.hide();
  };
  const moved = (move: () => void) => (): void => {
    move();
    mark();
  };
  frame.explainAt(
    (x, y) => {
      const cell = plot()?.at(x, y);
      return cell ? linesAt(cell.row, cell.column) : null;
    },
    (x, y) => {
      const cell = plot()?.at(x, y);
      if (cell) moved(() => cursor.select(cell.row, cell.column))();
    },
  );
  const onEnter = (): void => {
    const { row } = cursor.marked();
    if (row >= 0) drawing.onRow?.(rows()[row]);
  };
  frame.onKeys(
    {
      ...layerKeys(selection, rows, 'vertical'),
      ArrowLeft: moved(() => cursor.step(-1)),
      ArrowRight: moved(() => cursor.step(1)),
      Escape: cursor.clear,
      ...(drawing.onRow ? { Enter: onEnter } : {}),
    },
    showMarked,
  );
};

import { FIGURE_WIDTHS, type FigureStyle, type FigureWidth } from '../../src/protocol/messages.ts';

/** The widths of a column and of two in most journals, in mm. */
export const COLUMN_MM: Readonly<Record<Exclude<FigureWidth, 'shown'>, number>> = {
  oneColumn: 85,
  twoColumns: 175,
};
export const DEFAULT_STYLE: FigureStyle = { width: 'shown', textSize: null, highlight: false };
/** In points. */
export const TEXT_SIZES: readonly number[] = [6, 7, 8, 9, 10, 11, 12];

/** Px of a CSS inch, and points and mm of one. */
const [PX, POINTS, MM] = [96, 72, 25.4];
/** Of names and numbers in a drawing, in px. */
const TEXT_PX = 11;
/** Space around a figure: less if the paper has margins of its own. */
const MARGIN = { page: 14, column: 5 };
/** Of a title and a legend over a narrow picture, in px. */
const LEAST_WIDTH = 480;
/** The least width at which a figure can be laid out, in px. */
const LEAST_PLOT = 200;

/** How a figure is laid out for a file; lengths in px of the drawing. */
export interface FileLayout {
  /** Mm of a px of the drawing. */
  readonly scale: number;
  readonly margin: number;
  /** Of the plot. */
  readonly plot: number;
  /** Of title, settings and legend; without a fixed width, what they have at least. */
  readonly content: number;
  /** In mm, with margins; null if it follows from the content. */
  readonly width: number | null;
}

/** The layout of a figure whose plot is `shown` px wide on the page. Larger text gets less room, so that it is not scaled with the width. */
export const fileLayout = ({ width, textSize }: FigureStyle, shown: number): FileLayout => {
  const enlarged = textSize === null ? 1 : (textSize * PX) / POINTS / TEXT_PX;
  const scale = (enlarged * MM) / PX;
  if (width === 'shown') {
    const plot = Math.max(LEAST_PLOT, shown / enlarged);
    return { scale, margin: MARGIN.page, plot, content: LEAST_WIDTH, width: null };
  }
  const mm = COLUMN_MM[width];
  const content = mm / scale - 2 * MARGIN.column;
  return { scale, margin: MARGIN.column, plot: Math.max(LEAST_PLOT, content), content, width: mm };
};

/** Dots per inch of a PNG. */
export const PNG_DPI = 300;
/** Dots along a length in mm. */
export const dots = (mm: number): number => Math.max(1, Math.round((mm / MM) * PNG_DPI));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A style from another session or program: what it lacks, or cannot be, is as in `fallback`. */
export const readStyle = (value: unknown, fallback: FigureStyle = DEFAULT_STYLE): FigureStyle => {
  if (!isRecord(value)) return fallback;
  const { width, textSize, highlight } = value;
  const sized = textSize === null || (typeof textSize === 'number' && textSize >= 4 && textSize <= 24);
  return {
    width: FIGURE_WIDTHS.find((one) => one === width) ?? fallback.width,
    textSize: sized ? textSize : fallback.textSize,
    highlight: typeof highlight === 'boolean' ? highlight : fallback.highlight,
  };
};

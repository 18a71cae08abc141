/** The files that a figure can be saved as. */
export const FIGURE_FORMATS = ['svg', 'pdf', 'png', 'csv'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** As wide as on the page, or as one or two columns of a paper. */
export const FIGURE_WIDTHS = ['shown', 'oneColumn', 'twoColumns'] as const;
export type FigureWidth = (typeof FIGURE_WIDTHS)[number];

/** How a figure is drawn for a file. */
export interface FigureStyle {
  readonly width: FigureWidth;
  /** Of the names and numbers, in points; null as on the page. */
  readonly textSize: number | null;
  /** With the marks of the highlighted layer. */
  readonly highlight: boolean;
}

export interface SavedFigure {
  /** Title of the figure: the proposed file name is derived from it. */
  readonly title: string;
  readonly format: FigureFormat;
  /** Text; base64 for PNG; a `PrintedFigure` as JSON for PDF, which the host writes. */
  readonly content: string;
  /** The options that the user has set on the page. */
  readonly style?: FigureStyle;
}

/** An element of a drawing: of SVG, with presentation attributes in place of styles. */
export interface DrawnElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (DrawnElement | string)[];
}

/** A drawing with its size on paper. */
export interface PrintedFigure {
  readonly title: string;
  readonly description: string;
  /** In mm. */
  readonly width: number;
  readonly height: number;
  readonly drawing: DrawnElement;
}

import * as l10n from '@vscode/l10n';
import type { FileLayout } from '../series/fileLayout.ts';
import { bitmapOf, type Painting } from './canvasLayer.ts';
import { drawLegendCopy } from './legendExport.ts';
import { recordShapes, type Shape } from './shapeRecorder.ts';
import { openPrintStage, type PrintStage } from './stage.ts';
import { copyWithStyle, svgElement } from './svgCopy.ts';
import { wrapText } from './textLines.ts';
import { type Theme, themeOf } from './theme.ts';

/** What a file says besides the picture; every text may be empty, except the title. */
export interface FigureWords {
  readonly title: string;
  readonly caption: string;
  /** The settings of the controls, one line. */
  readonly settings: string;
  /** The run or checkpoint, and its samples. */
  readonly provenance: string;
  /** The values at the highlighted layer. */
  readonly readout: string;
}

/** A figure with its words, on white; its size in mm. */
export interface PrintedSvg {
  readonly root: SVGElement;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** Pixels of an embedded bitmap per px: sharp when printed, but no more pixels per side than this. */
const DENSITY = 4;
const MOST_DOTS = 2400;
/** Of a plot that is made narrower, in px. */
const LEAST_PLOT = 200;

interface LinesPlace {
  readonly width: number;
  readonly top: number;
  readonly size: number;
  readonly fill: string;
}

/** Writes a text in lines, and returns their height. */
const drawLines = (group: SVGElement, text: string, { width, top, size, fill }: LinesPlace): number => {
  const lines = wrapText(text, width, size);
  const step = Math.round(1.35 * size);
  const weight = size > 12 ? 600 : 400;
  lines.forEach((line, index) => {
    const place = { y: top + size + step * index, 'font-size': size, 'font-weight': weight, fill };
    group.append(svgElement('text', place, line));
  });
  return step * lines.length;
};

/** Whether rectangles touch: smoothed edges would leave a light line between them. */
const touching = (shapes: readonly Shape[]): boolean =>
  shapes.some((shape, index) => {
    const [next, { x, width }] = [shapes[index + 1], shape.attributes];
    return shape.name === 'rect' && Math.abs(Number(x) + Number(width) - Number(next?.attributes.x)) < 0.02;
  });

/** The cells as shapes or, if they are too many, as a bitmap. */
const drawPainting = (painting: Painting, theme: Theme): SVGElement => {
  const { x, y, width, height } = painting.place;
  const shapes = recordShapes((pen, surface) => painting.paint(pen, theme, surface));
  if (shapes === null) {
    const density = Math.max(1, Math.min(DENSITY, MOST_DOTS / Math.max(width, height)));
    return svgElement('image', { x, y, width, height, href: bitmapOf(painting, theme, density) });
  }
  const cells = svgElement('g', { transform: `translate(${x},${y})` });
  if (touching(shapes)) cells.setAttribute('shape-rendering', 'crispEdges');
  for (const { name, attributes } of shapes) cells.append(svgElement(name, attributes));
  return cells;
};

/** The extent of a drawing beyond its left edge, and from there to its right: names may overhang, the right may be empty. */
const extentOf = (drawing: SVGSVGElement, paintings: readonly Painting[]): [left: number, width: number] => {
  const box = drawing.getBBox();
  const left = Math.ceil(Math.max(0, -box.x));
  const right = paintings.reduce(
    (most, { place }) => Math.max(most, place.x + place.width),
    box.x + box.width,
  );
  return [left, left + Math.ceil(right)];
};

const openDrawn = (width: number, draw: (stage: PrintStage) => void): [PrintStage, SVGSVGElement] => {
  const stage = openPrintStage(width);
  try {
    draw(stage);
    const drawing = stage.drawing();
    if (!drawing) throw new Error(l10n.t('nothing is drawn'));
    return [stage, drawing];
  } catch (error) {
    stage.remove();
    throw error;
  }
};

/** Drawn to fit: a plot is made narrower by what its names overhang a fixed width, if that helps. */
const openFitting = (layout: FileLayout, draw: (stage: PrintStage) => void): [PrintStage, SVGSVGElement] => {
  const excessOf = ([stage, drawing]: [PrintStage, SVGSVGElement]): number =>
    extentOf(drawing, stage.paintings)[1] - layout.content;
  const first = openDrawn(layout.plot, draw);
  const excess = excessOf(first);
  if (layout.width === null || excess <= 0) return first;
  first[0].remove();
  const second = openDrawn(Math.max(LEAST_PLOT, layout.plot - excess), draw);
  // A text that is wider than the whole plot overhangs a narrower one as much.
  if (excessOf(second) < excess / 2) return second;
  second[0].remove();
  return openDrawn(layout.plot, draw);
};

const describe = (words: FigureWords, bitmap: boolean): string =>
  [
    words.caption,
    words.settings,
    words.provenance,
    bitmap ? l10n.t('The cells are a bitmap, because there are too many of them for shapes.') : '',
    l10n.t('Made with Pentimento.'),
  ]
    .filter((line) => line !== '')
    .join('\n');

const compose = (words: FigureWords, layout: FileLayout, stage: PrintStage, drawing: SVGSVGElement) => {
  const theme = themeOf(stage.plot);
  const [left, taken] = extentOf(drawing, stage.paintings);
  const width = Math.max(layout.content, taken);
  const content = svgElement('g', { transform: `translate(${layout.margin},${layout.margin})` });
  const titleSize = layout.width === null ? 15 : 13;
  let y = drawLines(content, words.title, { width, top: 0, size: titleSize, fill: theme.foreground });
  y += drawLines(content, words.settings, { width, top: y, size: 11, fill: theme.muted });
  y += drawLines(content, words.provenance, { width, top: y, size: 10, fill: theme.muted }) + 10;

  const picture = svgElement('g', { transform: `translate(${left},${y})` });
  const cells = stage.paintings.map((painting) => drawPainting(painting, theme));
  for (const each of cells) picture.append(each);
  const copy = copyWithStyle(drawing);
  copy.setAttribute('overflow', 'visible');
  picture.append(copy);
  content.append(picture);
  y += Number(drawing.getAttribute('height')) + 8;
  y += drawLegendCopy(content, stage.legend, width, y, theme.foreground);
  if (words.readout !== '')
    y += drawLines(content, words.readout, { width, top: y + 4, size: 11, fill: theme.foreground }) + 4;

  const size = {
    width: Number((width + 2 * layout.margin).toFixed(2)),
    height: Math.ceil(y) + 2 * layout.margin,
  };
  const bitmap = cells.some(({ localName }) => localName === 'image');
  return { content, size, description: describe(words, bitmap), background: theme.background };
};

/** Draws a figure off screen with `draw`, and adds its words and legend. Throws an `Error` if nothing is drawn. */
export const printFigure = (
  words: FigureWords,
  layout: FileLayout,
  draw: (stage: PrintStage) => void,
): PrintedSvg => {
  const [stage, drawing] = openFitting(layout, draw);
  try {
    const { content, size, description, background } = compose(words, layout, stage, drawing);
    // A picture that does not fit, however narrow it is drawn, is scaled.
    const scale = layout.width === null ? layout.scale : layout.width / size.width;
    const [width, height] = [size.width * scale, size.height * scale];
    const root = svgElement('svg', {
      width: `${Number(width.toFixed(3))}mm`,
      height: `${Number(height.toFixed(3))}mm`,
      viewBox: `0 0 ${size.width} ${size.height}`,
      'font-family': getComputedStyle(stage.plot).fontFamily,
    });
    root.append(
      svgElement('title', {}, words.title),
      svgElement('desc', {}, description),
      svgElement('rect', { ...size, fill: background }),
      content,
    );
    return { root, title: words.title, description, width, height };
  } finally {
    stage.remove();
  }
};

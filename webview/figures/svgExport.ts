import type { CanvasLayer } from './canvasLayer.ts';
import { drawLegendCopy } from './legendExport.ts';
import { copyWithStyle, svgElement } from './svgCopy.ts';
import { wrapText } from './textLines.ts';
import { themeOf } from './theme.ts';

/** A figure as it is shown on the page. */
export interface Picture {
  readonly title: string;
  /** The settings of the controls, one line; may be empty. */
  readonly settings: string;
  readonly drawing: SVGSVGElement;
  /** The canvases under the drawing. */
  readonly canvases: readonly CanvasLayer[];
  readonly legend: Element;
}

const PAD = 14;
/** Minimum width for a title and a legend, in px. */
const LEAST_WIDTH = 480;
/** Pixels of an embedded canvas per px: sharp when printed, but no more pixels per side than this. */
const DENSITY = 4;
const MOST_DOTS = 2400;
/** Characters that a name may contain but an XML file may not, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

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

const drawPicture = ({ drawing, canvases }: Picture, left: number, top: number): SVGElement => {
  const group = svgElement('g', { transform: `translate(${left},${top})` });
  for (const canvas of canvases) {
    const { x, y, width, height } = canvas.place;
    const density = Math.max(1, Math.min(DENSITY, MOST_DOTS / Math.max(width, height)));
    group.append(svgElement('image', { x, y, width, height, href: canvas.image(density) }));
  }
  const copy = copyWithStyle(drawing);
  copy.setAttribute('overflow', 'visible');
  group.append(copy);
  return group;
};

/** The extent of a picture, in px: names may overhang on the left, and the right may be empty. */
const extentOf = ({ drawing, canvases }: Picture): { left: number; width: number } => {
  const box = drawing.getBBox();
  const left = Math.ceil(Math.max(0, -box.x));
  const right = canvases.reduce(
    (most, { place }) => Math.max(most, place.x + place.width),
    box.x + box.width,
  );
  return { left, width: Math.max(LEAST_WIDTH, left + Math.ceil(right)) };
};

/** The figure as a standalone SVG file: title, settings, picture and legend, on the background of the current theme. */
export const standaloneSvg = (picture: Picture): string => {
  const { drawing } = picture;
  const theme = themeOf(drawing.parentElement ?? document.body);
  const { left, width } = extentOf(picture);
  const root = svgElement('svg', { 'font-family': getComputedStyle(drawing).fontFamily });
  const ground = svgElement('rect', { fill: theme.background });
  const content = svgElement('g', { transform: `translate(${PAD},${PAD})` });
  root.append(svgElement('title', {}, picture.title), ground, content);

  let y = drawLines(content, picture.title, { width, top: 0, size: 15, fill: theme.foreground });
  y += drawLines(content, picture.settings, { width, top: y, size: 11, fill: theme.muted }) + 10;
  content.append(drawPicture(picture, left, y));
  y += Number(drawing.getAttribute('height')) + 8;
  y += drawLegendCopy(content, picture.legend, width, y, theme.foreground);

  const size = { width: width + 2 * PAD, height: Math.ceil(y) + 2 * PAD };
  for (const node of [root, ground])
    for (const [name, value] of Object.entries(size)) node.setAttribute(name, String(value));
  root.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  return new XMLSerializer().serializeToString(root).replace(NOT_XML, '\ufffd');
};

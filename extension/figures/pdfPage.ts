import type { PDFDocument } from 'pdfkit';
import type { DrawnElement } from '../../src/protocol/messages.ts';
import {
  colourOf,
  dashesOf,
  INITIAL_STYLE,
  lengthOf,
  matricesOf,
  type Style,
  styleOf,
} from './inheritedStyle.ts';

/** Names of the fonts that the document has registered. */
export const FONTS = { regular: 'regular', bold: 'bold' } as const;

/** Elements that are texts about the drawing. */
const UNSEEN = new Set(['title', 'desc']);
const DATA_URI = /^data:image\/png;base64,/;

type Colour = NonNullable<ReturnType<typeof colourOf>>;

const setFill = (doc: PDFDocument, style: Style, colour: Colour): void => {
  doc.fillColor(colour);
  const opacity = Number(style['fill-opacity']) * style.opacity;
  if (opacity < 1) doc.fillOpacity(opacity);
};

const setStroke = (doc: PDFDocument, style: Style, colour: Colour): void => {
  doc.strokeColor(colour).lineWidth(lengthOf(style['stroke-width']));
  doc.lineCap(style['stroke-linecap']).lineJoin(style['stroke-linejoin']);
  const dashes = dashesOf(style['stroke-dasharray']);
  if (dashes) doc.dash(dashes);
  const opacity = Number(style['stroke-opacity']) * style.opacity;
  if (opacity < 1) doc.strokeOpacity(opacity);
};

/** Fills and strokes the path that `trace` describes, as far as its style has colours. */
const paintPath = (doc: PDFDocument, style: Style, trace: () => void): void => {
  const [fill, stroke] = [colourOf(style.fill), colourOf(style.stroke)];
  if (fill === null && stroke === null) return;
  doc.save();
  if (fill !== null) setFill(doc, style, fill);
  if (stroke !== null) setStroke(doc, style, stroke);
  trace();
  if (fill !== null && stroke !== null) doc.fillAndStroke();
  else if (fill !== null) doc.fill();
  else doc.stroke();
  doc.restore();
};

/** A part of a text in one style, after a gap in px. */
interface Run {
  readonly text: string;
  readonly style: Style;
  readonly gap: number;
}

/** Attributes that would place a part of a text elsewhere than after the part before it. */
const PLACED = ['x', 'y', 'dy', 'rotate', 'transform'];

/** The parts of a text. Its `title` is for the pointer, and is not one of them. */
const runsOf = (children: DrawnElement['children'], style: Style): Run[] =>
  children.flatMap((child) => {
    if (typeof child === 'string') return [{ text: child, style, gap: 0 }];
    if (UNSEEN.has(child.name)) return [];
    const { name, attributes } = child;
    if (name !== 'tspan') throw new Error(`a text has the element '${name}'`);
    const placed = PLACED.find((key) => attributes[key] !== undefined);
    if (placed !== undefined) throw new Error(`a part of a text has the attribute '${placed}'`);
    const [first, ...others] = runsOf(child.children, styleOf(attributes, style));
    return first === undefined ? [] : [{ ...first, gap: first.gap + lengthOf(attributes.dx) }, ...others];
  });

/** Draws the elements of drawings on a page of a PDF; remembers the characters that its fonts lack. */
export class PdfPage {
  readonly missing = new Set<string>();

  constructor(private readonly doc: PDFDocument) {}

  draw(element: DrawnElement, parent: Style = INITIAL_STYLE): void {
    const { name, attributes, children } = element;
    if (UNSEEN.has(name)) return;
    const style = styleOf(attributes, parent);
    const matrices = matricesOf(attributes.transform);
    // A drawing inside a drawing.
    if (name === 'svg') matrices.push([1, 0, 0, 1, lengthOf(attributes.x), lengthOf(attributes.y)]);
    if (matrices.length > 0) this.doc.save();
    for (const matrix of matrices) this.doc.transform(...matrix);
    if (name === 'text') this.drawText(element, style);
    else if (name === 'g' || name === 'svg')
      for (const child of children) {
        if (typeof child !== 'string') this.draw(child, style);
      }
    else this.drawShape(element, style);
    if (matrices.length > 0) this.doc.restore();
  }

  private drawShape({ name, attributes }: DrawnElement, style: Style): void {
    const { doc } = this;
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => lengthOf(attributes[key]));
    if (name === 'rect') {
      if (width > 0 && height > 0) paintPath(doc, style, () => doc.rect(x, y, width, height));
    } else if (name === 'circle') {
      const [cx, cy, radius] = ['cx', 'cy', 'r'].map((key) => lengthOf(attributes[key]));
      if (radius > 0) paintPath(doc, style, () => doc.circle(cx, cy, radius));
    } else if (name === 'line') {
      const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((key) => lengthOf(attributes[key]));
      paintPath(doc, { ...style, fill: 'none' }, () => doc.path(`M${x1},${y1}L${x2},${y2}`));
    } else if (name === 'path') {
      const { d } = attributes;
      if (d) paintPath(doc, style, () => doc.path(d));
    } else if (name === 'image') {
      const data = Buffer.from((attributes.href ?? '').replace(DATA_URI, ''), 'base64');
      doc.image(data, x, y, { width, height });
    } else throw new Error(`a drawing has the element '${name}'`);
  }

  private drawText({ attributes, children }: DrawnElement, style: Style): void {
    const runs = runsOf(children, style).map((run) => ({ ...run, width: this.widthOf(run) }));
    const whole = runs.reduce((sum, { gap, width }) => sum + gap + width, 0);
    const shift = { start: 0, middle: 0.5, end: 1 }[style['text-anchor']] ?? 0;
    const em = attributes.dy?.endsWith('em') ? lengthOf(style['font-size']) : 1;
    const y = lengthOf(attributes.y) + em * lengthOf(attributes.dy);
    let x = lengthOf(attributes.x) - shift * whole;
    for (const run of runs) {
      this.drawRun(run, x + run.gap, y);
      x += run.gap + run.width;
    }
  }

  private setFont(style: Style): void {
    const name = Number(style['font-weight']) >= 600 ? FONTS.bold : FONTS.regular;
    this.doc.font(name).fontSize(lengthOf(style['font-size']));
  }

  private widthOf({ text, style }: Run): number {
    this.setFont(style);
    return this.doc.widthOfString(text);
  }

  private drawRun({ text, style }: Run, x: number, y: number): void {
    const { doc } = this;
    if (text === '' || (colourOf(style.fill) === null && colourOf(style.stroke) === null)) return;
    this.setFont(style);
    for (const character of text)
      if (!doc._font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) this.missing.add(character);
    // An outline under its text keeps it readable over lines.
    const strokeFirst = style['paint-order'].startsWith('stroke');
    for (const part of strokeFirst ? (['stroke', 'fill'] as const) : (['fill', 'stroke'] as const)) {
      const colour = colourOf(style[part]);
      if (colour === null) continue;
      const isFill = part === 'fill';
      doc.save();
      (isFill ? setFill : setStroke)(doc, style, colour);
      doc.text(text, x, y, { lineBreak: false, baseline: 'alphabetic', fill: isFill, stroke: !isFill });
      doc.restore();
    }
  }
}

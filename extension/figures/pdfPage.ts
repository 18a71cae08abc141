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

/** Fills and strokes the path that `trace` describes, as far as its style has colours. */
const paintPath = (doc: PDFDocument, style: Style, trace: () => void): void => {
  const [fill, stroke] = [colourOf(style.fill), colourOf(style.stroke)];
  if (fill === null && stroke === null) return;
  doc.save();
  if (fill !== null) {
    doc.fillColor(fill);
    const opacity = Number(style['fill-opacity']) * style.opacity;
    if (opacity < 1) doc.fillOpacity(opacity);
  }
  if (stroke !== null) {
    doc.strokeColor(stroke).lineWidth(lengthOf(style['stroke-width']));
    doc.lineCap(style['stroke-linecap']).lineJoin(style['stroke-linejoin']);
    const dashes = dashesOf(style['stroke-dasharray']);
    if (dashes) doc.dash(dashes);
    const opacity = Number(style['stroke-opacity']) * style.opacity;
    if (opacity < 1) doc.strokeOpacity(opacity);
  }
  trace();
  if (fill !== null && stroke !== null) doc.fillAndStroke();
  else if (fill !== null) doc.fill();
  else doc.stroke();
  doc.restore();
};

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
    const { doc } = this;
    const text = children
      .map((child) => (typeof child === 'string' ? child : child.children.join('')))
      .join('');
    const fill = colourOf(style.fill);
    if (text === '' || fill === null) return;
    const size = lengthOf(style['font-size']);
    doc.font(Number(style['font-weight']) >= 600 ? FONTS.bold : FONTS.regular).fontSize(size);
    for (const character of text)
      if (!doc._font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) this.missing.add(character);
    const shift = { start: 0, middle: 0.5, end: 1 }[style['text-anchor']] ?? 0;
    const x = lengthOf(attributes.x) - shift * doc.widthOfString(text);
    const em = attributes.dy?.endsWith('em') ? size : 1;
    const y = lengthOf(attributes.y) + em * lengthOf(attributes.dy);
    const opacity = Number(style['fill-opacity']) * style.opacity;
    doc.save().fillColor(fill);
    if (opacity < 1) doc.fillOpacity(opacity);
    doc.text(text, x, y, { lineBreak: false, baseline: 'alphabetic' }).restore();
  }
}

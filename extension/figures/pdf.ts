import { PDFDocument } from 'pdfkit';
import type { PrintedFigure } from '../../src/protocol/messages.ts';
import { FONTS, PdfPage } from './pdfPage.ts';

/** The fonts of a PDF, whose used characters it embeds. */
export type PdfFonts = Readonly<Record<keyof typeof FONTS, Uint8Array>>;

export interface PdfFile {
  readonly bytes: Uint8Array;
  /** Characters of its texts that the fonts lack. */
  readonly missing: readonly string[];
}

const POINTS_PER_MM = 72 / 25.4;

const wholeOf = (doc: PDFDocument): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });

/** A figure as a PDF file with one page of the figure's size: shapes as vectors, text as text. */
export const pdfOf = async (figure: PrintedFigure, fonts: PdfFonts): Promise<PdfFile> => {
  const [width, height] = [figure.width * POINTS_PER_MM, figure.height * POINTS_PER_MM];
  const info = { Title: figure.title, Subject: figure.description, Creator: 'Pentimento' };
  const doc = new PDFDocument({ size: [width, height], margin: 0, font: null, info });
  const whole = wholeOf(doc);
  for (const name of Object.values(FONTS)) doc.registerFont(name, fonts[name]);
  const page = new PdfPage(doc);
  const { viewBox = '' } = figure.drawing.attributes;
  const scale = width / Number(viewBox.split(' ')[2] || width);
  doc.transform(scale, 0, 0, scale, 0, 0);
  page.draw(figure.drawing);
  doc.end();
  return { bytes: await whole, missing: [...page.missing] };
};
